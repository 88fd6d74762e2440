import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { observe } from '../observe.ts';
import { compiledOf, composeFileOf, recordOf, type ServicesContext } from '../services-context.ts';
import { awaitHealth, upTimeoutMs } from './await-health.ts';
import { composeUp } from './compose-up.ts';

/** Brings the containers up and waits until all are healthy; containers that need no change stay as they are. */
export const startContainers: Step<ServicesContext> = {
  label: 'Starting containers',
  run: async (context, voice) => {
    const docker = await context.tools.docker(voice);
    await composeUp(context, docker, composeFileOf(context), ['--remove-orphans'], voice);
    const { plan } = compiledOf(context.tools, recordOf(context));
    // What comes of that which a job waits for is its result.
    const watched = new Set(
      plan.services.filter((service) => plan.jobMode && service.watched).map(({ name }) => name),
    );
    await awaitHealth(context, docker, voice, ({ service }) => !watched.has(service));
    await observe(context, docker.api, 'running');
  },
  undo: async (context) => {
    const docker = await context.tools.dockerIfThere();
    // What failed is left to be looked at, but does not go on: a retry begins with it.
    const words = ['stop', '--timeout', '5'];
    const { order } = recordOf(context);
    await docker?.compose(projectName(order), composeFileOf(context), words, { timeoutMs: upTimeoutMs });
  },
};
