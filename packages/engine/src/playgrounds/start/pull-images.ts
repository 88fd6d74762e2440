import type { Step } from '../../operations/step.ts';
import { machinesOf, type StartContext } from './start-context.ts';

/** Chooses the base layer and kernel of each machine and proves that they are whole. */
export const pullImages: Step<StartContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { sources, kernels, records } = context.tools;
    for (const { machine } of machinesOf(context)) {
      voice.detail(machine.source);
      await kernels.files(machine.manifest.kernel.source);
      const { layer } = await sources.verified(machine.source);
      await records.saveMachine(context.id, machine.manifest.name, { layer });
    }
  },
};
