import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { operationReportSchema } from '@playhouse/contract/link/report';
import { expect, test } from 'vitest';
import { RecordingSink } from '../testing/recording-sink.ts';
import { OperationReporter } from './operation-reporter.ts';

const operationId = 'a'.repeat(24);
const { signal } = new AbortController();

function make(labels: readonly string[]) {
  const sink = new RecordingSink();
  return { sink, reporter: new OperationReporter(operationId, labels, sink, 100) };
}

test('tells the whole state after every change, with growing revisions', () => {
  const { sink, reporter } = make(['one', 'two']);
  const voice = reporter.begin('one', signal);
  voice.detail('at it');
  reporter.finish('one');
  reporter.skip('two');
  const revisions = sink.reports.map(({ revision }) => revision);
  expect(revisions).toEqual([101, 102, 103, 104]);
  expect(sink.reports.map(({ steps }) => steps.map(({ status }) => status).join(' '))).toEqual([
    'running pending',
    'running pending',
    'done pending',
    'done done',
  ]);
  expect(sink.reports[1]?.steps[0]?.detail).toBe('at it');
  for (const report of sink.reports) expect(operationReportSchema.parse(report)).toEqual(report);
});

test('a flood of progress is told a few times only, but its end always', () => {
  const { sink, reporter } = make(['one']);
  const voice = reporter.begin('one', signal);
  for (let done = 1; done <= 1000; done++) voice.progress({ done, total: 1000, unit: 'bytes' });
  expect(sink.reports.length).toBeLessThan(20);
  expect(sink.reports.at(-1)?.steps[0]?.progress).toEqual({ done: 1000, total: 1000, unit: 'bytes' });
});

test('the final report is made, not told: it must be durable first', () => {
  const { sink, reporter } = make(['one']);
  const report = reporter.ended('succeeded');
  expect(report).toMatchObject({ status: 'succeeded', error: null, revision: 101 });
  expect(sink.reports).toEqual([]);
});

test('a failure carries the label of its step, and is in the log', () => {
  const { sink, reporter } = make(['one', 'two']);
  reporter.begin('one', signal);
  reporter.failStep('one');
  const report = reporter.ended('failed', new PlayhouseError('disk-full', { path: '/x' }));
  expect(report.error).toMatchObject({
    code: 'disk-full',
    step: 'one',
    message: 'The disk that holds /x is full.',
  });
  expect(sink.lines).toEqual(['one …', 'one: The disk that holds /x is full.']);
});

test('an error outside the catalogue is an internal error', () => {
  const { reporter } = make([]);
  expect(reporter.ended('failed', new TypeError('x is not a function')).error).toMatchObject({
    code: 'internal-error',
    step: null,
  });
});
