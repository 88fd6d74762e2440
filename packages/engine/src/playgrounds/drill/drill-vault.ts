// A drill: a snapshot is restored from the vault beside what is here, its machines are booted, and all of it is removed again. What
// came out is remembered with the snapshot.
import { randomInt } from 'node:crypto';
import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../../operations/operation-queue.ts';
import type { OperationReporter } from '../../operations/operation-reporter.ts';
import type { Step } from '../../operations/step.ts';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { Playgrounds } from '../playgrounds.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { bootMachines } from '../start/boot-machines.ts';
import { prepareDrives } from '../start/prepare-drives.ts';
import type { StartContext } from '../start/start-context.ts';
import { waitForSsh } from '../start/wait-for-ssh.ts';
import { wireNetworks } from '../start/wire-networks.ts';
import { copyOrder, drillNumber } from './copy-order.ts';
import { drillVolumes } from './drill-volumes.ts';
import { requireMemory } from './require-memory.ts';
import { restoreCopy } from './restore-copy.ts';

/** What says nothing about the vault’s copy. */
const notTheCopy = new Set([
  'cancelled',
  'vault-off',
  'vault-unreachable',
  'vault-refused',
  'vault-key-wrong',
  'memory-budget',
  'addresses-exhausted',
  'disk-full',
]);

export interface DrillParts {
  readonly tools: PlayroomTools;
  readonly playgrounds: Playgrounds;
  readonly budget: Pick<Configuration['engine'], 'memoryBudgetMiB'>;
  /** Collects what is not needed any more. */
  readonly changed: () => Promise<void>;
}

export function planDrillVault(
  { kind, operationId: id, snapshotId }: Extract<Command, { kind: 'vault.drill' }>,
  { tools, playgrounds, budget, changed }: DrillParts,
): OperationPlan {
  const labels = [...stepsOf(null).map(({ label }) => label), ...playgrounds.destroyLabels];
  return {
    subject: 'vault',
    labels,
    rank: 'work',
    run: async (reporter, signal) => {
      await removeCopies(tools, playgrounds, id, reporter);
      const snapshot = choose(tools, snapshotId);
      if (snapshot === null) {
        reporter.begin(labels[0] ?? '', signal).detail('the vault has no snapshot yet');
        for (const label of labels) reporter.skip(label);
        return;
      }
      try {
        if (snapshot.services !== null) {
          await drillVolumes(tools, snapshot, id, reporter.begin(labels[0] ?? '', signal));
          for (const label of labels) reporter.skip(label);
        } else {
          const order = copyOrder(snapshot.order, id);
          requireMemory(tools.records.all(), order, budget);
          const work = { kind, id, operationId: id, reporter, signal };
          await playgrounds.start(order, stepsOf(snapshot), work);
        }
        await tools.vaultKeeper.noteVerified(snapshot.id, null);
      } catch (error) {
        const told = !signal.aborted && !(error instanceof PlayhouseError && notTheCopy.has(error.code));
        if (told) await tools.vaultKeeper.noteVerified(snapshot.id, error);
        throw error;
      } finally {
        await removeCopies(tools, playgrounds, id, reporter);
        await changed();
      }
    },
  };
}

/** Labels of steps do not depend on the snapshot. */
function stepsOf(snapshot: SnapshotRecord | null): readonly Step<StartContext>[] {
  const restore = restoreCopy(snapshot ?? ({ machines: [] } as unknown as SnapshotRecord));
  return [restore, prepareDrives, wireNetworks, bootMachines, waitForSsh];
}

/** Removes the copy of this drill and of any that was forgotten. */
async function removeCopies(
  { records }: Pick<PlayroomTools, 'records'>,
  playgrounds: Playgrounds,
  operationId: string,
  reporter: OperationReporter,
): Promise<void> {
  const copies = records.all().filter(({ order }) => order.number === drillNumber);
  for (const { order } of copies) await playgrounds.destroy(order.id, operationId, reporter);
}

/** @throws PlayhouseError snapshot-unknown, snapshot-incomplete */
function choose(
  { snapshots }: Pick<PlayroomTools, 'snapshots'>,
  snapshotId: string | null,
): SnapshotRecord | null {
  if (snapshotId !== null) {
    const snapshot = snapshots.get(snapshotId);
    if (snapshot.offloadedAt !== null) return snapshot;
    throw new PlayhouseError('snapshot-incomplete', {
      snapshot: snapshotId,
      detail: 'the vault does not have it yet.',
    });
  }
  const there = snapshots.all().filter(({ offloadedAt }) => offloadedAt !== null);
  return there.length === 0 ? null : (there[randomInt(there.length)] ?? null);
}
