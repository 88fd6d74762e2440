import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step } from '../../operations/step.ts';
import { type ServicesContext } from '../services-context.ts';
import { endOf, renderedOf } from './rendered.ts';

const pullTimeoutMs = 1_800_000;

/** Pulls the images of static services that are not here. */
export const pullServiceImages: Step<ServicesContext> = {
  label: 'Pulling images',
  run: async (context, voice) => {
    const { plan } = await renderedOf(context, voice);
    const docker = await context.tools.docker(voice);
    for (const { name: service, image, build } of plan.services) {
      if (image === null || build !== null) continue;
      if ((await docker.try(['image', 'inspect', '--', image])).exitCode === 0) continue;
      voice.detail(image);
      const onLine = (line: string) => voice.log(`${service}: ${line}`);
      const options = { timeoutMs: pullTimeoutMs, signal: voice.signal, onLine };
      const { exitCode, stderr } = await docker.try(['pull', '--', image], options);
      if (exitCode !== 0)
        throw new PlayhouseError('image-pull-failed', { service, image, detail: endOf(stderr) });
    }
  },
};
