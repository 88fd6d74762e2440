import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step } from '../../operations/step.ts';
import { type ServicesContext } from '../services-context.ts';
import { endOf, renderedOf } from './rendered.ts';

const pullTimeoutMs = 1_800_000;

/** Pulls the images of static services that are not here. */
export const pullServiceImages: Step<ServicesContext> = pullStep(false);

/** Pulls them all. What cannot be had again, as an image that was only ever here, is used as it is. */
export const pullAgain: Step<ServicesContext> = pullStep(true);

function pullStep(again: boolean): Step<ServicesContext> {
  return {
    label: 'Pulling images',
    run: async (context, voice) => {
      const { plan } = await renderedOf(context, voice);
      const docker = await context.tools.docker(voice);
      for (const { name: service, image, build } of plan.services) {
        if (image === null || build !== null) continue;
        const isHere = (await docker.try(['image', 'inspect', '--', image])).exitCode === 0;
        if (isHere && !again) continue;
        voice.detail(image);
        const onLine = (line: string) => voice.log(`${service}: ${line}`);
        const options = { timeoutMs: pullTimeoutMs, signal: voice.signal, onLine };
        const { exitCode, stderr } = await docker.try(['pull', '--', image], options);
        if (exitCode === 0) continue;
        if (!isHere) throw new PlayhouseError('image-pull-failed', { service, image, detail: endOf(stderr) });
        voice.log(`${service}: ${image} could not be pulled again: the one that is here is used`);
      }
    },
  };
}
