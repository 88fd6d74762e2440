import type { Step } from '../../operations/step.ts';
import type { DriveRecord } from '../playground-record.ts';
import { machinesOf, recordOf, type StartContext } from './start-context.ts';

/** Chooses the base layer of each drive and proves that it is whole; installs kernels that are not there yet. */
export const pullImages: Step<StartContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { sources, kernelInstaller, records } = context.tools;
    const { established } = recordOf(context);
    const machines = machinesOf(context);
    for (const name of new Set(machines.map(({ machine }) => machine.manifest.kernel.source)))
      await kernelInstaller.ensure(name, voice);
    for (const { machine, record } of machines) {
      const drives: DriveRecord[] = [];
      for (const [index, { source }] of machine.drives.entries()) {
        const known = record.drives[index] ?? { layer: null, sizeBytes: null };
        // What was written lies on the layer it was begun with, and on no other.
        if (source === null || (established && known.layer !== null)) {
          drives.push(known);
          continue;
        }
        voice.detail(source);
        drives.push({ ...known, layer: (await sources.verified(source)).layer });
      }
      await records.saveMachine(context.id, machine.manifest.name, { drives });
    }
  },
};
