import { registryOfImage } from '@playhouse/contract/credential-place';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step } from '../../operations/step.ts';
import { hostFailure } from '../docker/docker-failure.ts';
import type { ServicesContext } from '../services-context.ts';
import { withRegistries } from './with-registries.ts';
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
        const [{ exitCode, stderr }, credential] = await withRegistries(
          context,
          docker,
          async (opened, access) => [
            await opened.try(['pull', '--', image], options),
            access.credentialFor(image),
          ],
        );
        if (exitCode === 0) continue;
        const detail = endOf(stderr);
        if (!isHere)
          throw (await hostFailure(detail, docker)) ?? notPulled({ service, image, credential, detail });
        voice.log(`${service}: ${image} could not be pulled again: the one that is here is used`);
      }
    },
  };
}

const refused =
  /unauthorized|authentication required|denied|no basic auth credentials|403 Forbidden|401 Unauthorized/i;

function notPulled(what: {
  readonly service: string;
  readonly image: string;
  readonly credential: string;
  readonly detail: string;
}): PlayhouseError {
  const { service, image, detail, credential } = what;
  if (!refused.test(detail)) return new PlayhouseError('image-pull-failed', { service, image, detail });
  const registry = registryOfImage(image);
  return new PlayhouseError('image-refused', { service, image, registry, credential, detail });
}
