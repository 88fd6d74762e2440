import type { Step } from '../../operations/step.ts';
import { machinesOf, recordOf, type StartContext } from './start-context.ts';

/** Chooses the base layer and kernel of each machine and proves that they are whole. */
export const pullImages: Step<StartContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { sources, kernels, records } = context.tools;
    const { established } = recordOf(context);
    for (const { machine, record } of machinesOf(context)) {
      voice.detail(machine.source);
      await kernels.files(machine.manifest.kernel.source);
      // What was written lies on the layer it was begun with, and on no other.
      if (established && record.layer !== null) continue;
      const { layer } = await sources.verified(machine.source);
      await records.saveMachine(context.id, machine.manifest.name, { layer });
    }
  },
};
