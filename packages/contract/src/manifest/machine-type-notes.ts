import { deviceCount, deviceRoom, machineTypeFor } from '../machine-type.ts';
import type { Manifest } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';

/** A note for each machine that has too many devices for the smallest machine type: it boots a little later. */
export function findMachineTypeNotes({ playground }: Manifest): ManifestIssue[] {
  return (playground.machines ?? []).flatMap(({ name, drives, network }, index) => {
    const parts = { drives: drives.length, interfaces: network.interfaces.length };
    const type = machineTypeFor(parts);
    if (type === 'microvm') return [];
    const parameters = { machine: name, type, count: deviceCount(parts), room: deviceRoom('microvm') };
    return [{ code: 'manifest-machine-type', path: ['playground', 'machines', index, 'drives'], parameters }];
  });
}
