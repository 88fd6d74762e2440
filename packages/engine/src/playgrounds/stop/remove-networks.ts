import type { Step } from '../../operations/step.ts';
import { planOf, type StartContext } from '../start/start-context.ts';

/** Removes the playground’s netns with everything in it. Its machines must have ended. */
export const removeNetworks: Step<Pick<StartContext, 'tools' | 'id'>> = {
  label: 'Removing networks',
  run: async (context) => {
    const { name, owner } = planOf(context).network;
    await context.tools.networks.unwire(name, owner);
  },
};
