import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { EdgeSlots } from './edge-slots.ts';
import { newMachine, type PlaygroundRecords } from './playground-record.ts';

/** Notes durably that a playground is being started. What is known of it from earlier starts stays. */
export async function registerPlayground(
  records: PlaygroundRecords,
  slots: EdgeSlots,
  order: PlaygroundOrder,
): Promise<void> {
  const known = records.get(order.id);
  const slot = known?.slot ?? slots.take();
  const machines = (known?.machines ?? (order.manifest.playground.machines ?? []).map(newMachine)).map(
    // Whoever gets what was ready for anybody gets host keys, and a configuration, that nobody had before.
    (machine) => (known?.order.spare && !order.spare ? { ...machine, hostKey: null } : machine),
  );
  try {
    const nothing = { established: false, tasks: {}, inputs: {} };
    const kept = known ?? { ...nothing, snapshotId: null, startupId: null, cut: null };
    await records.save({ ...kept, order, slot, state: 'starting', error: null, machines });
  } finally {
    slots.recorded(slot);
  }
}
