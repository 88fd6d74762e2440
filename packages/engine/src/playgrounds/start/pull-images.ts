import type { Step } from '../../operations/step.ts';
import { machinesOf, recordOf, type StartContext } from './start-context.ts';

/** Chooses the base layer of each machine and proves that it is whole; installs kernels that are not there yet. */
export const pullImages: Step<StartContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { sources, kernelInstaller, records } = context.tools;
    const { established } = recordOf(context);
    const machines = machinesOf(context);
    for (const name of new Set(machines.map(({ machine }) => machine.manifest.kernel.source)))
      await kernelInstaller.ensure(name, voice);
    for (const { machine, record } of machines) {
      voice.detail(machine.source);
      // What was written lies on the layer it was begun with, and on no other.
      if (established && record.layer !== null) continue;
      const { layer } = await sources.verified(machine.source);
      await records.saveMachine(context.id, machine.manifest.name, { layer });
    }
  },
};
