import { removeTree } from '../../system/durable-file.ts';
import { machineFiles } from '../machine-specification.ts';
import { planOf, recordOf, type StartContext } from '../start/start-context.ts';
import { afterCut } from './plan-cut.ts';

export type CutContext = Pick<StartContext, 'tools' | 'id' | 'running'>;

/**
 * Brings a planned cut to its end: overlays that machines no longer write become layers, those that none was switched to are
 * deleted. Repeatable.
 */
export async function finishCut(
  { tools, id }: Pick<CutContext, 'tools' | 'id'>,
  wasCut: (machine: string, drive: number) => boolean,
): Promise<void> {
  const { cut } = recordOf({ tools, id });
  if (cut === null) return;
  for (const machine of planOf({ tools, id }).machines) {
    const { name } = machine.manifest;
    const files = machineFiles(tools.paths, id, machine);
    const drives = recordOf({ tools, id }).machines[machine.index]?.drives ?? [];
    for (const [index, drive] of machine.drives.entries()) {
      const driveCut = cut.machines[name]?.drives[index];
      const overlay = drives[index]?.overlay;
      if (!driveCut || overlay === null || overlay === undefined) continue;
      if (wasCut(name, index))
        await tools.layers.adopt(files.overlay(drive, overlay), driveCut.layer, 'disk');
      else if (driveCut.next !== null) await removeTree(files.overlay(drive, driveCut.next));
    }
  }
  const record = recordOf({ tools, id });
  const machines = record.machines.map((machine) => ({
    ...machine,
    drives: machine.drives.map((drive, index) => {
      const driveCut = cut.machines[machine.name]?.drives[index];
      return driveCut && wasCut(machine.name, index) ? afterCut(drive, driveCut) : drive;
    }),
  }));
  await tools.records.save({ ...record, machines, cut: null });
}
