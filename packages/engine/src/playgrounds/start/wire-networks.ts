import type { Step } from '../../operations/step.ts';
import { planOf, type StartContext } from './start-context.ts';

/** Makes the playground’s netns with its bridges, taps and address translation. */
export const wireNetworks: Step<StartContext> = {
  label: 'Wiring networks',
  run: async (context) => await context.tools.networks.wire(planOf(context).network),
  undo: async (context) => {
    const { name, owner } = planOf(context).network;
    await context.tools.networks.unwire(name, owner);
  },
};
