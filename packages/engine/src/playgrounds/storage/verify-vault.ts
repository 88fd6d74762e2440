import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../../operations/operation-queue.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

const label = 'Reading the vault';

/** Proves what the vault has. All of it is looked at before the first fault fails the operation. */
export function planVerifyVault(
  { snapshotId, sample }: Extract<Command, { kind: 'vault.verify' }>,
  { snapshots, vaultKeeper }: Pick<PlayroomTools, 'snapshots' | 'vaultKeeper'>,
): OperationPlan {
  return {
    subject: 'vault',
    labels: [label],
    rank: 'work',
    run: async (reporter, signal) => {
      const voice = reporter.begin(label, signal);
      const faults: unknown[] = [];
      for (const snapshot of snapshotId === null ? snapshots.all() : [snapshots.get(snapshotId)]) {
        try {
          const there = await vaultKeeper.verify(snapshot, sample, voice);
          voice.log(`${snapshot.id}: ${there ? 'all right' : 'not in the vault'}`);
        } catch (error) {
          signal.throwIfAborted();
          voice.log(`${snapshot.id}: ${error instanceof PlayhouseError ? error.message : String(error)}`);
          faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
      reporter.finish(label);
    },
  };
}
