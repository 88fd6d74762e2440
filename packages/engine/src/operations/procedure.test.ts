import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordingSink } from '../testing/recording-sink.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { Journal } from './journal.ts';
import { OperationReporter } from './operation-reporter.ts';
import { runProcedure } from './procedure.ts';
import type { Step, StepVoice } from './step.ts';

type Host = Set<string>;

/** What a crash is to a test: nothing after it happens, and nobody is told. */
class Crash extends Error {}

function steps(calls: string[], failing: string | null, labels: readonly string[]): Step<Host>[] {
  return labels.map((label) => ({
    label,
    run: async (host) => {
      calls.push(`run ${label}`);
      host.add(label);
      if (label === failing) throw new PlayhouseError('network-failed', { detail: label, playground: 'x' });
    },
    undo: async (host) => {
      calls.push(`undo ${label}`);
      host.delete(label);
    },
  }));
}

interface Attempt {
  readonly path: string;
  readonly host: Host;
  readonly steps: readonly Step<Host>[];
  readonly signal?: AbortSignal;
  /** Called before each mark; throws to crash there. */
  readonly beforeMark?: () => void;
  readonly afterMark?: () => void;
}

/** One life of an engine: opens the journal and runs the procedure. */
async function attempt({ path, host, steps: list, signal, beforeMark, afterMark }: Attempt) {
  const journal = await Journal.open(path);
  const write = journal.write.bind(journal);
  journal.write = async (...mark) => {
    beforeMark?.();
    await write(...mark);
    afterMark?.();
  };
  const sink = new RecordingSink();
  const labels = list.map(({ label }) => label);
  const reporter = new OperationReporter('0'.repeat(24), labels, sink, 1);
  try {
    const context = { kind: 'test', steps: list, context: host, journal, reporter };
    await runProcedure({ ...context, signal: signal ?? new AbortController().signal });
    return { error: null, reporter, sink };
  } catch (error) {
    return { error, reporter, sink };
  } finally {
    await journal.close();
  }
}

const labels = ['one', 'two', 'three'];

test('runs all steps in order', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  const path = `${await temporaryDirectory()}/j`;
  const { error, reporter } = await attempt({ path, host, steps: steps(calls, null, labels) });
  expect(error).toBeNull();
  expect(calls).toEqual(['run one', 'run two', 'run three']);
  expect(reporter.current.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
});

test('skips steps that are done when it is run again', async () => {
  const calls: string[] = [];
  const path = `${await temporaryDirectory()}/j`;
  const first = await Journal.open(path);
  await first.write('one', 'begin');
  await first.write('one', 'done');
  await first.write('two', 'begin');
  await first.close();
  const { reporter } = await attempt({ path, host: new Set(['one']), steps: steps(calls, null, labels) });
  expect(calls).toEqual(['run two', 'run three']);
  expect(reporter.current.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
});

test('a failed step undoes all that were begun, last first, and tells why', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  const path = `${await temporaryDirectory()}/j`;
  const { error, reporter } = await attempt({ path, host, steps: steps(calls, 'two', labels) });
  expect(error).toMatchObject({ code: 'network-failed' });
  expect(calls).toEqual(['run one', 'run two', 'undo two', 'undo one']);
  expect([...host]).toEqual([]);
  expect(reporter.describe(error)).toMatchObject({ code: 'network-failed', step: 'two' });
});

test('an undoing that was cut short is gone on with, and ends with the error of the first life', async () => {
  const calls: string[] = [];
  const path = `${await temporaryDirectory()}/j`;
  const first = await Journal.open(path);
  for (const label of ['one', 'two']) await first.write(label, 'begin');
  await first.write('two', 'failed', { code: 'disk-full', message: 'The disk is full.', hint: 'Free some.' });
  await first.write('two', 'undone');
  await first.close();
  const { error, reporter } = await attempt({
    path,
    host: new Set(['one']),
    steps: steps(calls, null, labels),
  });
  expect(calls).toEqual(['undo two', 'undo one']);
  expect(error).toMatchObject({ code: 'disk-full', message: 'The disk is full.', hint: 'Free some.' });
  expect(reporter.describe(error).step).toBe('two');
});

test('a step that cannot be undone keeps neither the others nor the reason from coming through', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  const list = steps(calls, 'three', labels);
  const stubborn = list.map((step) => ({
    ...step,
    undo: async (context: Host) => {
      if (step.label === 'two') throw new Error('it is held');
      await step.undo?.(context);
    },
  }));
  const { error, sink } = await attempt({ path: `${await temporaryDirectory()}/j`, host, steps: stubborn });
  expect(error).toMatchObject({ code: 'network-failed' });
  expect([...host]).toEqual(['two']);
  expect(sink.lines.join('\n')).toContain('two: could not be undone: Error: it is held');
});

test('cancelling undoes what was done, and is told as cancelled whatever the step threw', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  const cancel = new AbortController();
  const [one, two] = steps(calls, null, ['one', 'two']);
  if (!one || !two) throw new Error('two steps were made');
  const waiting: Step<Host> = {
    ...two,
    run: async (context, voice) => {
      await two.run(context, voice);
      cancel.abort();
      throw new Error('the wait was ended');
    },
  };
  const path = `${await temporaryDirectory()}/j`;
  const { error } = await attempt({ path, host, steps: [one, waiting], signal: cancel.signal });
  expect(error).toMatchObject({ code: 'cancelled' });
  expect(calls).toEqual(['run one', 'run two', 'undo two', 'undo one']);
});

test('cancelled before it began, it changes nothing', async () => {
  const calls: string[] = [];
  const path = `${await temporaryDirectory()}/j`;
  const signal = AbortSignal.abort();
  const { error } = await attempt({ path, host: new Set(), steps: steps(calls, null, labels), signal });
  expect(error).toMatchObject({ code: 'cancelled' });
  expect(calls).toEqual(['undo one']);
});

test('past the point of no return a step that an engine left is finished, whoever cancels it', async () => {
  const calls: string[] = [];
  const path = `${await temporaryDirectory()}/j`;
  const [host, cancelled] = [new Set<string>(), AbortSignal.abort()];
  const [one, two] = steps(calls, null, ['one', 'two']);
  if (!one || !two) throw new Error('two steps were made');
  const heeded: boolean[] = [];
  const last: Step<Host> = {
    ...two,
    run: async (context, voice) => {
      heeded.push(voice.signal.aborted);
      await two.run(context, voice);
    },
    isPastReturn: (context) => context.has('two'),
  };
  const journal = await Journal.open(path);
  await journal.write('one', 'done');
  await journal.write('two', 'begin');
  await journal.close();
  host.add('two');
  expect((await attempt({ path, host, steps: [one, last], signal: cancelled })).error).toBeNull();
  expect([calls, heeded]).toEqual([['run two'], [false]]);
});

test('past the point of no return nothing is undone, whatever fails then, and another try finishes it', async () => {
  const calls: string[] = [];
  const path = `${await temporaryDirectory()}/j`;
  const [one, two] = steps(calls, 'two', ['one', 'two']);
  if (!one || !two) throw new Error('two steps were made');
  const isPastReturn = (context: Host) => context.has('two');
  const life = { path, host: new Set<string>(), steps: [one, { ...two, isPastReturn }] };
  expect((await attempt(life)).error).toMatchObject({ code: 'network-failed' });
  expect(calls).toEqual(['run one', 'run two']);
  const last = { ...two, run: async () => void calls.push('finish two'), isPastReturn };
  expect((await attempt({ ...life, steps: [one, last] })).error).toBeNull();
  expect(calls.at(-1)).toBe('finish two');
});

test('a journal that cannot be written does not keep what was done from being undone', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  let marks = 0;
  const beforeMark = () => {
    // From the beginning of the second step on the disk is full.
    if (++marks > 2) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const path = `${await temporaryDirectory()}/j`;
  const { error } = await attempt({ path, host, steps: steps(calls, null, labels), beforeMark });
  expect(error).toMatchObject({ code: 'ENOSPC' });
  expect(calls).toEqual(['run one', 'undo one']);
  expect([...host]).toEqual([]);
});

test('a failure that could be noted only once the undoing had made room is one for the next engine, too', async () => {
  const calls: string[] = [];
  const host: Host = new Set();
  let marks = 0;
  const beforeMark = () => {
    if (++marks > 2 && !calls.includes('undo one'))
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const life = { path: `${await temporaryDirectory()}/j`, host, steps: steps(calls, null, labels) };
  await attempt({ ...life, beforeMark });
  expect((await attempt(life)).error).toMatchObject({ message: expect.stringContaining('ENOSPC') });
  expect(calls.filter((call) => call.startsWith('run'))).toEqual(['run one']);
  expect([...host]).toEqual([]);
});

test('after crashes anywhere it ends as if there had been none: all done, or all undone', async () => {
  const directory = await temporaryDirectory();
  let runs = 0;
  const boundary = fc.record({ mark: fc.nat({ max: 12 }), before: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.nat({ max: 4 })),
      fc.array(boundary, { maxLength: 4 }),
      async (count, failingIndex, crashes) => {
        const path = `${directory}/${runs++}`;
        const host: Host = new Set();
        const names = Array.from({ length: count }, (_, index) => `step ${index}`);
        const failing = failingIndex === null ? null : (names[failingIndex] ?? null);
        for (const crash of crashes) await liveAndCrash(path, host, names, failing, crash);
        const { error } = await attempt({ path, host, steps: steps([], failing, names) });
        expect([...host].toSorted()).toEqual(failing === null ? names.toSorted() : []);
        const code = error instanceof PlayhouseError ? error.code : error;
        expect(code).toBe(failing === null ? null : 'network-failed');
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

/** Runs until the given mark of the journal and abandons everything there, as `kill -9` does. */
async function liveAndCrash(
  path: string,
  host: Host,
  names: readonly string[],
  failing: string | null,
  { mark, before }: { readonly mark: number; readonly before: boolean },
): Promise<void> {
  let marks = 0;
  let dead = false;
  const live = () => {
    if (dead) throw new Crash();
  };
  const at = (isBefore: boolean) => {
    dead ||= isBefore === before && marks === mark;
    if (!isBefore) marks++;
    live();
  };
  const mortal = steps([], failing, names).map((step) => ({
    ...step,
    run: async (context: Host, voice: StepVoice) => {
      live();
      await step.run(context, voice);
    },
    undo: async (context: Host) => {
      live();
      await step.undo?.(context);
    },
  }));
  await attempt({ path, host, steps: mortal, beforeMark: () => at(true), afterMark: () => at(false) });
}
