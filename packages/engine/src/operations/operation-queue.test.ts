import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { SecretBox } from '@playhouse/contract/secret-box';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { RecordingSink } from '../testing/recording-sink.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { type OperationPlan, OperationQueue } from './operation-queue.ts';
import { OperationStore, type WorkCommand } from './operation-store.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(24)) as [string, string, string];

/** A bake whose source is its subject; a destroy supersedes what goes on for its playground. */
const bake = (operationId: string, source: string): WorkCommand => ({
  kind: 'source.bake',
  operationId,
  source,
});
const destroy = (operationId: string, playgroundId: string): WorkCommand => ({
  kind: 'playground.destroy',
  operationId,
  playgroundId,
});
const cancel = (operationId: string) => ({ kind: 'operation.cancel', operationId }) as const;

/** Work that goes on until the test ends it or it is cancelled. */
class Work {
  readonly log: string[] = [];
  readonly #open = new Map<string, PromiseWithResolvers<void>>();

  plan = (command: WorkCommand): OperationPlan => {
    const { operationId: id } = command;
    const name = id.slice(0, 1);
    return {
      subject: command.kind === 'source.bake' ? command.source : c,
      labels: ['work'],
      ...(command.kind === 'source.bake' ? { reads: [`snapshot of ${name}`] } : {}),
      rank:
        command.kind === 'playground.destroy'
          ? 'destroy'
          : command.kind === 'playground.stop'
            ? 'stop'
            : 'work',
      run: async (_reporter, signal) => {
        this.log.push(`begin ${name}`);
        const end = this.#gate(id);
        signal.addEventListener('abort', () => end.reject(signal.reason as Error));
        if (signal.aborted) end.reject(signal.reason);
        await end.promise.finally(() => this.log.push(`end ${name}`));
      },
      forget: async () => void this.log.push(`forget ${name}`),
    };
  };

  end(id: string): void {
    this.#gate(id).resolve();
  }

  fail(id: string, error: unknown): void {
    this.#gate(id).reject(error);
  }

  #gate(id: string): PromiseWithResolvers<void> {
    const gate = this.#open.get(id) ?? Promise.withResolvers<void>();
    gate.promise.catch(() => {});
    this.#open.set(id, gate);
    return gate;
  }
}

async function make(directory?: string) {
  const folder = directory ?? (await temporaryDirectory());
  const work = new Work();
  const sink = new RecordingSink();
  const store = new OperationStore(folder, new SecretBox(new Uint8Array(32)));
  return { folder, work, sink, store, queue: new OperationQueue(store, sink, work.plan, 1000) };
}

test('carries out one operation at a time per subject, in the order accepted; subjects at the same time', async () => {
  const { queue, work } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, bake(b, 'x'));
  await queue.accept(3, bake(c, 'y'));
  expect(work.log).toEqual(['begin a', 'begin c']);
  work.end(a);
  await vi.waitFor(() => expect(work.log).toEqual(['begin a', 'begin c', 'end a', 'begin b']));
  work.end(b);
  work.end(c);
  await queue.idle();
});

test('what operations read is told until they have ended, also of those that wait', async () => {
  const { queue, work } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, bake(b, 'x'));
  expect([...queue.readSnapshots]).toEqual(['snapshot of a', 'snapshot of b']);
  work.end(a);
  await vi.waitFor(() => expect([...queue.readSnapshots]).toEqual(['snapshot of b']));
  work.end(b);
  await queue.idle();
  expect(queue.readSnapshots.size).toBe(0);
});

test('a failure does not keep the next operation on its subject from its turn', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, bake(b, 'x'));
  work.fail(a, new PlayhouseError('disk-full', { path: '/x' }));
  work.end(b);
  await queue.idle();
  expect(sink.reports.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
});

test('the final report is on disk before it is told', async () => {
  const { queue, work, sink, store } = await make();
  const seen: Promise<unknown>[] = [];
  const report = sink.report.bind(sink);
  sink.report = (told) => {
    report(told);
    seen.push(store.load().then(([operation]) => operation?.report));
  };
  await queue.accept(1, bake(a, 'x'));
  work.end(a);
  await queue.idle();
  expect(await seen.at(-1)).toMatchObject({ operationId: a, status: 'succeeded' });
});

test('accepting a command again changes nothing, before and after its end', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(1, bake(a, 'x'));
  work.end(a);
  await queue.idle();
  await queue.accept(1, bake(a, 'x'));
  await queue.idle();
  expect(work.log).toEqual(['begin a', 'end a']);
  expect(sink.reports).toHaveLength(1);
});

test('an acknowledged operation is forgotten, with its journal; one acknowledged too early is not', async () => {
  const { queue, work, sink, store } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.acknowledged(a, 5000);
  work.end(a);
  await queue.idle();
  await queue.acknowledged(a, (sink.reports[0]?.revision ?? 0) - 1);
  expect(await store.load()).toHaveLength(1);
  expect(work.log).not.toContain('forget a');
  await queue.acknowledged(a, sink.reports[0]?.revision ?? 0);
  expect(await store.load()).toEqual([]);
  expect(work.log).toContain('forget a');
});

test('cancels an operation that runs', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, cancel(a));
  await queue.idle();
  expect(work.log).toEqual(['begin a', 'end a']);
  expect(sink.reports.at(-1)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
});

test('cancels an operation before its turn', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, bake(b, 'x'));
  await queue.accept(3, cancel(b));
  work.end(a);
  await queue.idle();
  expect(sink.statuses(a)).toEqual(['succeeded']);
  expect(sink.statuses(b)).toEqual(['cancelled']);
});

test('cancelling what is over or unknown is harmless', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, 'x'));
  work.end(a);
  await queue.idle();
  await queue.accept(2, cancel(a));
  await queue.accept(3, cancel(b));
  expect(sink.reports).toHaveLength(1);
});

test('a cancellation that meets the end of its operation never hides the final report', async () => {
  const { queue, work, store } = await make();
  await queue.accept(1, bake(a, 'x'));
  work.end(a);
  await Promise.all([queue.accept(2, cancel(a)), queue.idle()]);
  const [operation] = await store.load();
  expect(operation?.report).not.toBeNull();
});

test('one that supersedes cancels what goes on for its subject, then has its turn', async () => {
  const { queue, work, sink } = await make();
  await queue.accept(1, bake(a, c));
  await queue.accept(2, destroy(b, c));
  work.end(b);
  await queue.idle();
  expect(work.log).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  expect(sink.statuses(a)).toEqual(['cancelled']);
  expect(sink.statuses(b)).toEqual(['succeeded']);
});

test('a stop ends work, a destroy ends a stop, and neither the other way round', async () => {
  const { queue, work, sink } = await make();
  const stop: WorkCommand = { kind: 'playground.stop', operationId: b, playgroundId: c, force: false };
  await queue.accept(1, bake(a, c));
  await queue.accept(2, stop);
  await vi.waitFor(() => expect(work.log).toEqual(['begin a', 'end a', 'begin b']));
  await queue.accept(3, bake('d'.repeat(24), c));
  expect(work.log).toHaveLength(3);
  await queue.accept(4, destroy(c, c));
  work.end(c);
  await queue.idle();
  const all = [a, b, 'd'.repeat(24), c].map((id) => sink.statuses(id));
  expect(all).toEqual([['cancelled'], ['cancelled'], ['cancelled'], ['succeeded']]);
});

test('after a restart unfinished work is taken up again, and final reports are told again', async () => {
  const first = await make();
  await first.queue.accept(1, bake(a, 'x'));
  await first.queue.accept(2, bake(b, 'y'));
  first.work.end(b);
  await vi.waitFor(() => expect(first.sink.reports).toHaveLength(1));

  const second = await make(first.folder);
  await second.queue.resume();
  await vi.waitFor(() => expect(second.work.log).toEqual(['begin a']));
  expect(second.sink.reports).toEqual(first.sink.reports);
  second.work.end(a);
  await second.queue.idle();
  expect(second.sink.statuses(a)).toEqual(['succeeded']);
  expect(second.sink.reports.at(-1)?.revision).toBeGreaterThan(1000);
});

test('after a restart a cancelled operation is still cancelled, a superseded one too', async () => {
  const first = await make();
  await first.store.save({
    sequence: 1,
    command: bake(a, 'x'),
    cancelled: true,
    report: null,
  });
  await first.store.save({ sequence: 2, command: bake(b, c), cancelled: false, report: null });
  await first.store.save({
    sequence: 3,
    command: destroy(c, c),
    cancelled: false,
    report: null,
  });
  first.work.end(c);
  await first.queue.resume();
  await first.queue.idle();
  expect([a, b, c].map((id) => first.sink.statuses(id))).toEqual([
    ['cancelled'],
    ['cancelled'],
    ['succeeded'],
  ]);
});

test('a final report that cannot be written is told all the same, and the queue goes on', async () => {
  const { queue, work, sink, store } = await make();
  await queue.accept(1, bake(a, 'x'));
  await queue.accept(2, bake(b, 'x'));
  vi.spyOn(store, 'save').mockRejectedValueOnce(new Error('ENOSPC'));
  work.end(a);
  work.end(b);
  await queue.idle();
  expect([a, b].map((id) => sink.statuses(id))).toEqual([['succeeded'], ['succeeded']]);
  expect(sink.lines.join('\n')).toContain('could not be written: Error: ENOSPC');
});

test('unasked work has its turn among the operations, and is aborted by one that supersedes', async () => {
  const { queue, work } = await make();
  const unasked = queue.runUnasked(c, async (signal) => {
    work.log.push('begin unasked');
    await setTimeout(60_000, null, { signal }).catch(() => {});
    work.log.push('end unasked');
  });
  await queue.accept(1, destroy(b, c));
  work.end(b);
  await unasked;
  await queue.idle();
  expect(work.log).toEqual(['begin unasked', 'end unasked', 'begin b', 'end b']);
});
