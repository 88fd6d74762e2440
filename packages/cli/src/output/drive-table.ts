import type { Machine } from '@playhouse/contract/machine';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';

/** The drives of all machines as a table. */
export function driveTable(machines: readonly Pick<Machine, 'name' | 'drives'>[]): string {
  const rows = machines.flatMap(({ name, drives }) =>
    drives.map((drive) => [
      name,
      drive.device,
      formatSize(drive.sizeBytes),
      drive.source ?? '-',
      drive.filesystem ?? 'raw',
      drive.mount ?? '-',
      drive.readOnly ? 'read-only' : 'read-write',
    ]),
  );
  return renderTable(['machine', 'device', 'size', 'source', 'filesystem', 'mount', 'access'], rows);
}
