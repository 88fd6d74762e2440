import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test } from 'vitest';
import { OperationReporter } from '../../operations/operation-reporter.ts';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import type { PlaygroundRecord } from '../playground-record.ts';
import type { Playgrounds } from '../playgrounds.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { planDrillVault } from './drill-vault.ts';

const [there, missing, operationId] = ['a'.repeat(24), 'b'.repeat(24), 'd'.repeat(24)];

/** Drills a playroom whose copies start as `start` says; gives what happened, in order. */
async function drill(
  snapshotId: string | null,
  {
    start = async () => {},
    snapshots = [sampleSnapshot(there, { offloadedAt: '2026-01-01T00:00:00Z' }), sampleSnapshot(missing)],
    left = [],
    memoryBudgetMiB = 1_000_000,
  }: {
    start?: () => Promise<void>;
    snapshots?: readonly SnapshotRecord[];
    left?: readonly PlaygroundRecord[];
    memoryBudgetMiB?: number;
  } = {},
) {
  const done: string[] = [];
  let records = [...left];
  const playgrounds = {
    destroyLabels: ['Deleting drives'],
    start: async (order: PlaygroundRecord['order']) => {
      done.push(`start ${order.slug}`);
      records.push({ ...samplePlayground(order.id), order });
      await start();
    },
    destroy: async (id: string) => {
      done.push(`destroy ${id[0]}`);
      records = records.filter(({ order }) => order.id !== id);
    },
  } as unknown as Playgrounds;
  const get = (id: string) => snapshots.find((each) => each.id === id);
  const tools = {
    records: { all: () => records },
    snapshots: { all: () => snapshots, get },
    vaultKeeper: {
      noteVerified: async (id: string, error: unknown) => {
        done.push(`${id[0]} is ${error === null ? 'right' : 'wrong'}`);
      },
    },
  } as unknown as PlayroomTools;
  const plan = planDrillVault(
    { kind: 'vault.drill', operationId, snapshotId },
    { tools, playgrounds, budget: { memoryBudgetMiB }, changed: async () => void done.push('collect') },
  );
  const sink = { report: () => {}, log: () => {} };
  const reporter = new OperationReporter(operationId, plan.labels, sink, 1);
  const outcome = await plan.run(reporter, new AbortController().signal).then(
    () => null,
    (error: unknown) => (error instanceof PlayhouseError ? error.code : String(error)),
  );
  return { done, outcome, steps: reporter.current.steps };
}

test('a copy that boots proves the snapshot, and goes', async () => {
  const { done, outcome } = await drill(null);
  expect(outcome).toBeNull();
  expect(done).toEqual(['start drill', 'a is right', 'destroy d', 'collect']);
});

test('one that does not is told with the snapshot, and goes all the same', async () => {
  const start = async () =>
    await Promise.reject(new PlayhouseError('vault-corrupt', { object: 'o', where: 'w', detail: 'd' }));
  const { done, outcome } = await drill(there, { start });
  expect(outcome).toBe('vault-corrupt');
  expect(done).toEqual(['start drill', 'a is wrong', 'destroy d', 'collect']);
});

test('that the vault does not answer, or that there is no memory, says nothing about the snapshot', async () => {
  const start = async () =>
    await Promise.reject(new PlayhouseError('vault-unreachable', { where: 'w', detail: 'd' }));
  expect((await drill(there, { start })).done).toEqual(['start drill', 'destroy d', 'collect']);
  const poor = await drill(there, { memoryBudgetMiB: 1 });
  expect(poor).toMatchObject({ outcome: 'memory-budget', done: ['collect'] });
});

test('what an engine left that died in a drill goes first', async () => {
  const copy = samplePlayground('e'.repeat(24));
  const left = [{ ...copy, order: { ...copy.order, number: 0 } }, samplePlayground()];
  expect((await drill(null, { left })).done.slice(0, 2)).toEqual(['destroy e', 'start drill']);
});

test('with nothing in the vault there is nothing to do; one that it does not have cannot be drilled', async () => {
  const nothing = await drill(null, { snapshots: [sampleSnapshot(missing)] });
  expect(nothing).toMatchObject({ done: [], outcome: null });
  expect(nothing.steps.every(({ status }) => status === 'done')).toBe(true);
  expect((await drill(missing)).outcome).toBe('snapshot-incomplete');
});
