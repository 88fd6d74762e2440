import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { EdgeSlots } from './edge-slots.ts';
import type { PlaygroundRecord, PlaygroundRecords } from './playground-record.ts';

/** Notes durably that a playground is being started. What is known of it from earlier starts stays. */
export async function registerPlayground(
  records: PlaygroundRecords,
  slots: EdgeSlots,
  order: PlaygroundOrder,
): Promise<void> {
  const known = records.get(order.id);
  const slot = known?.slot ?? (await slots.take());
  const names = order.manifest.playground.machines?.map(({ name }) => name) ?? [];
  const machines = known?.machines ?? names.map(newMachine);
  try {
    const established = known?.established ?? false;
    await records.save({ order, slot, state: 'starting', established, error: null, machines });
  } finally {
    slots.recorded(slot);
  }
}

function newMachine(name: string): PlaygroundRecord['machines'][number] {
  return { name, state: 'pending', layer: null, hostKey: null, boots: 0, process: null };
}
