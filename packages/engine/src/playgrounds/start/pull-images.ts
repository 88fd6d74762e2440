import type { Step } from '../../operations/step.ts';
import { type DriveRecord, noDrive } from '../playground-record.ts';
import { driveImage } from './machine-image.ts';
import { machinesOf, recordOf, type StartContext } from './start-context.ts';

/**
 * Chooses the base layer of each drive and proves that it is whole; pulls images and installs kernels that are not there yet.
 */
export const pullImages: Step<StartContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { kernelInstaller, records } = context.tools;
    const { established } = recordOf(context);
    const machines = machinesOf(context);
    for (const name of new Set(machines.map(({ machine }) => machine.manifest.kernel.source)))
      await kernelInstaller.ensure(name, voice);
    for (const { machine, record } of machines) {
      const drives: DriveRecord[] = [];
      for (const [index, drive] of machine.drives.entries()) {
        const { source } = drive;
        const known = record.drives[index] ?? noDrive;
        // What was written lies on the layer it was begun with, and on no other.
        if (source === null || (established && known.layer !== null)) {
          drives.push(known);
          continue;
        }
        voice.detail(source);
        drives.push({ ...known, ...(await driveImage(context.tools, machine, { ...drive, source }, voice)) });
      }
      await records.saveMachine(context.id, machine.manifest.name, { drives });
    }
  },
};
