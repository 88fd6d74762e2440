import { projectName } from '@playhouse/contract/identifier';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../../operations/operation-queue.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import type { SnapshotUser } from './snapshot-user.ts';

const label = 'Removing the snapshot';

/** A playground, with its volumes that are still to get what is in a snapshot. */
type Resting = SnapshotUser & { readonly state: string; readonly filling?: readonly string[] };

/** Removes a snapshot and what only it needed. One that is not there is removed already. */
export function planRemoveSnapshot(
  { snapshotId }: Extract<Command, { kind: 'snapshot.remove' }>,
  {
    snapshots,
    records,
    services,
    vaultKeeper,
  }: Pick<PlayroomTools, 'snapshots' | 'records' | 'services' | 'vaultKeeper'>,
  changed: () => Promise<void>,
): OperationPlan {
  return {
    subject: `snapshot ${snapshotId}`,
    labels: [label],
    rank: 'work',
    run: async (reporter, signal) => {
      reporter.begin(label, signal);
      const all: readonly Resting[] = [...records.all(), ...services.all()];
      const users = all.filter(({ snapshotId: at, state, order, established, filling = [] }) => {
        // One that stands by for anybody goes with what it was made of.
        if ('spare' in order && order.spare === true) return false;
        const begins = !established && order.from?.snapshotId === snapshotId;
        // What did not come up may have nothing else.
        const rests = state === 'stopped' || state === 'error' || filling.length > 0;
        return begins || (at === snapshotId && rests);
      });
      if (users.length > 0) {
        const names = users.map(({ order }) => projectName(order)).join(', ');
        throw new PlayhouseError('snapshot-in-use', { snapshot: snapshotId, users: names });
      }
      await snapshots.remove(snapshotId);
      await vaultKeeper.forget([snapshotId], []);
      await changed();
      reporter.finish(label);
    },
  };
}
