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
    String(machine.drives.length),
    machine.machineType,
    addressesOf(machine),
    machine.edgeAddress ?? '-',
    machine.defaultUser,
  ]);
  return renderTable(
    ['machine', 'state', 'source', 'kernel', 'cpus', 'ram', 'drives', 'type', 'address', 'from host', 'user'],
    rows,
  );
}

/** One address a network card, in their order. */
function addressesOf({ address, interfaces }: Machine): string {
  return interfaces.length > 0 ? interfaces.map((card) => card.address).join(', ') : (address ?? '-');
}
