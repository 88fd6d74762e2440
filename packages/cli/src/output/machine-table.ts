import type { Machine } from '@playhouse/contract/machine';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';

/** The machines of a playground as a table. */
export function machineTable(machines: readonly Machine[]): string {
  const rows = machines.map((machine) => [
    machine.name,
    machine.state,
    machine.source,
    machine.kernel,
    String(machine.cpuCount),
    formatSize(machine.ramBytes),
    machine.address ?? '-',
    machine.edgeAddress ?? '-',
    machine.defaultUser,
  ]);
  return renderTable(
    ['machine', 'state', 'source', 'kernel', 'cpus', 'ram', 'address', 'from host', 'user'],
    rows,
  );
}
