import { createBlank } from '../../layers/qemu-img.ts';
import { machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import type { DriveRecord, MachineRecord } from '../playground-record.ts';
import { shortened } from '../storage/shorten-chain.ts';
import type { StartContext } from './start-context.ts';

/**
 * Gives each drive that was cut while its machine was off an overlay to be written to, and lays it on merged layers where there
 * are any. Repeatable.
 */
export async function renewOverlays(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  { drives: known }: MachineRecord,
): Promise<readonly DriveRecord[]> {
  if (known.every(({ overlay, merged }) => overlay !== null && merged === null)) return known;
  const files = machineFiles(tools.paths, id, machine);
  const making = known.map(shortened).map(async (drive, index): Promise<DriveRecord> => {
    const planned = machine.drives[index];
    if (drive.overlay !== null || !planned) return drive;
    await createBlank(files.overlay(planned, drive.overlays), drive.sizeBytes ?? planned.sizeBytes);
    return { ...drive, overlay: drive.overlays, overlays: drive.overlays + 1 };
  });
  const drives = await Promise.all(making);
  await tools.records.saveMachine(id, machine.manifest.name, { drives });
  return drives;
}
