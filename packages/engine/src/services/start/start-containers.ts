import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { startJob } from '../jobs/start-job.ts';
import { observe } from '../observe.ts';
import { compiledOf, composeFileOf, recordOf, type ServicesContext } from '../services-context.ts';
import { awaitHealth, upTimeoutMs } from './await-health.ts';
import { composeUp } from './compose-up.ts';

/**
 * Brings the containers up and waits until all are healthy, of a job only those that others need so; containers that need no change
 * stay as they are.
 */
export const startContainers: Step<ServicesContext> = {
  label: 'Starting containers',
  run: async (context, voice) => {
    const docker = await context.tools.docker(voice);
    const { plan } = compiledOf(context.tools, recordOf(context));
    if (plan.jobMode) await startJob(context, docker, plan, voice);
    else {
      await composeUp(context, docker, composeFileOf(context), ['--remove-orphans'], voice);
      await awaitHealth(context, docker, voice);
    }
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
