import type { EngineMessage } from '@playhouse/contract/link/protocol';
import type { OperationReport, PlaygroundReport } from '@playhouse/contract/link/report';
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const operation = (digit: string, revision: number): OperationReport => ({
  operationId: digit.repeat(24),
  revision,
  status: 'running',
  steps: [],
  error: null,
});
const playground = (digit: string, revision: number): PlaygroundReport => ({
  playgroundId: digit.repeat(24),
  revision,
  state: 'running',
  machines: [],
  tasks: [],
  services: [],
  snapshotId: null,
  suspended: false,
  error: null,
});

function hear(outbox: Outbox): EngineMessage[] {
  const heard: EngineMessage[] = [];
  outbox.connect((message) => heard.push(message));
  return heard;
}

test('what was said without a server is said when there is one: the latest of each subject', () => {
  const outbox = new Outbox();
  outbox.report(operation('a', 1));
  outbox.report(operation('a', 2));
  outbox.playground(playground('b', 7));
  expect(hear(outbox)).toEqual([
    { type: 'operation', report: operation('a', 2) },
    { type: 'playground', report: playground('b', 7) },
  ]);
});

test('says again after a reconnect what was not acknowledged', () => {
  const outbox = new Outbox();
  expect(hear(outbox)).toEqual([]);
  outbox.report(operation('a', 1));
  outbox.report(operation('b', 1));
  outbox.acknowledged('a'.repeat(24), 1);
  outbox.disconnect();
  expect(hear(outbox)).toEqual([{ type: 'operation', report: operation('b', 1) }]);
});

test('an acknowledgement of an older revision does not count', () => {
  const outbox = new Outbox();
  outbox.report(operation('a', 2));
  outbox.acknowledged('a'.repeat(24), 1);
  expect(hear(outbox)).toHaveLength(1);
  outbox.acknowledged('a'.repeat(24), 3);
  expect(hear(outbox)).toEqual([]);
});

test('log lines are not kept', () => {
  const outbox = new Outbox();
  outbox.log('a', ['lost']);
  const heard = hear(outbox);
  outbox.log('a', ['heard']);
  expect(heard).toEqual([{ type: 'log', operationId: 'a', lines: ['heard'] }]);
});
