import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { Step, StepVoice } from '../../operations/step.ts';
import { changeRecord, recordOf, type ServicesContext } from '../services-context.ts';
import { makeImage } from './make-image.ts';
import { isBuilt } from './planned-image.ts';
import { renderedOf } from './rendered.ts';

/** Builds what has to be built. The same commit with the same recipe is not built twice. */
export const buildImages: Step<ServicesContext> = {
  label: 'Building images',
  run: async (context, voice) => {
    const { rendered, plan } = await renderedOf(context, voice);
    for (const service of plan.services.filter(isBuilt)) {
      if (await isPinned(context, service, voice)) continue;
      await makeImage(context, service, rendered, voice, async ({ image }) => {
        const { parts } = recordOf(context);
        const part = { branch: null, commit: null, ...parts[service.name], image };
        await changeRecord(context, { parts: { ...parts, [service.name]: part } });
      });
    }
  },
};

/** What was built once for a playground that came up is what it runs, whatever its branch has now, until a rollout. */
async function isPinned(
  context: ServicesContext,
  { name }: PlannedService,
  voice: StepVoice,
): Promise<boolean> {
  const { established, parts } = recordOf(context);
  const image = parts[name]?.image ?? null;
  const isNew = context.rollout && context.healing !== true;
  if (isNew || !established || image === null) return false;
  const docker = await context.tools.docker(voice);
  return (await docker.try(['image', 'inspect', image])).exitCode === 0;
}
