import type { Step } from '../../operations/step.ts';
import { isAlive } from '../../system/process-identity.ts';
import { planOf, recordOf, type StartContext } from './start-context.ts';

/** Makes the playground’s netns with its bridges, taps and address translation. */
export const wireNetworks: Step<StartContext> = {
  label: 'Wiring networks',
  run: async (context, voice) => {
    // A failed init task leaves machines standing, and they use the network that a retry finds.
    if (recordOf(context).machines.some(({ process }) => process && isAlive(process))) {
      voice.detail('kept as they are');
      return;
    }
    await context.tools.networks.wire(planOf(context).network);
  },
  undo: async (context) => {
    const { name, owner } = planOf(context).network;
    await context.tools.networks.unwire(name, owner);
  },
};
