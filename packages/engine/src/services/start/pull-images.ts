import { registryOfImage } from '@playhouse/contract/credential-place';
import { pullPolicyOf } from '@playhouse/contract/compose/plan/pull-policy';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import type { Docker } from '../docker/docker.ts';
import { hostFailure } from '../docker/docker-failure.ts';
import type { ServicesContext } from '../services-context.ts';
import { platformOf } from './image-platform.ts';
import { keptImage, platformIn } from './pinned-image.ts';
import { hostPlatform, imageHere, type ImageHere, pullNeed, type PullWay } from './pull-need.ts';
import { withRegistries } from './with-registries.ts';
import { endOf, renderedOf, renderedService } from './rendered.ts';

const pullTimeoutMs = 1_800_000;

/** Pulls the images of static services that are not here, and those that their `pull_policy` asks for. */
export const pullServiceImages: Step<ServicesContext> = pullStep('usual');

/** Pulls them all. What cannot be had again, as an image that was only ever here, is used as it is. */
export const pullAgain: Step<ServicesContext> = pullStep('anew');

/** An image of a service, and what it is to be made for. */
interface Wanted {
  readonly service: string;
  readonly image: string;
  /** Null: whatever Docker takes by itself. */
  readonly platform: string | null;
}

function pullStep(usual: PullWay): Step<ServicesContext> {
  return {
    label: 'Pulling images',
    run: async (context, voice) => {
      const { rendered, plan } = await renderedOf(context, voice);
      const docker = await context.tools.docker(voice);
      const way = context.healing === true ? 'heal' : usual;
      const host = await hostPlatform(docker.api);
      const pulled = new Set<string>();
      for (const { name: service, image: named, build } of plan.services) {
        if (named === null || build !== null) continue;
        const written = renderedService(rendered, service);
        const platform = platformIn(written);
        const kept =
          way === 'anew' ? null : await keptImage(context, { service, image: named, written }, docker);
        const wanted = { service, image: kept ?? named, platform };
        if (pulled.has(`${wanted.image} ${platform}`)) continue;
        const policy = pullPolicyOf(written);
        const here = await imageHere(docker.api, wanted.image);
        const need = pullNeed({ policy, platform, hostPlatform: host, here, way, now: Date.now() });
        if (need === 'absent') throw absent(wanted, written['pull_policy']);
        if (need === 'leave') continue;
        pulled.add(`${wanted.image} ${platform}`);
        const failure = await pull(context, docker, { ...wanted, here }, voice);
        // Docker dates what is tagged, and not what is pulled.
        if (failure === null && typeof policy === 'object')
          await docker.try(['tag', wanted.image, wanted.image]);
        if (failure === null) continue;
        if (need === 'need') throw failure;
        voice.log(`${service}: ${wanted.image} could not be pulled again: the one that is here is used`);
      }
    },
  };
}

/** Pulls it. Gives why that did not succeed, or null. */
async function pull(
  context: ServicesContext,
  docker: Docker,
  wanted: Wanted & { readonly here: ImageHere | null },
  voice: StepVoice,
): Promise<PlayhouseError | null> {
  const { service, image, platform } = wanted;
  voice.detail(image);
  const onLine = (line: string) => voice.log(`${service}: ${line}`);
  const options = { timeoutMs: pullTimeoutMs, signal: voice.signal, onLine };
  const words = ['pull', ...(platform === null ? [] : ['--platform', platform]), '--', image];
  const [{ exitCode, stderr }, credential] = await withRegistries(context, docker, async (opened, access) => [
    await opened.try(words, options),
    access.credentialFor(image),
  ]);
  if (exitCode === 0) return await otherPlatform(docker, wanted);
  const detail = endOf(stderr);
  return (await hostFailure(detail, docker)) ?? notPulled({ ...wanted, credential, detail });
}

/**
 * Docker takes an image that is for one platform alone whatever was asked for, and says so only when a container is made. Then the name
 * is given back to the image that had it.
 */
async function otherPlatform(
  docker: Docker,
  { service, image, platform, here }: Wanted & { readonly here: ImageHere | null },
): Promise<PlayhouseError | null> {
  if (platform === null) return null;
  const pulled = await imageHere(docker.api, image);
  if (pulled === null || platformOf(pulled.platform) === platformOf(platform)) return null;
  if (here !== null) await docker.try(['tag', here.id, image]);
  const detail = `its registry has it for ${pulled.platform}, not for ${platform}`;
  return new PlayhouseError('image-pull-failed', { service, image, detail });
}

const refused =
  /unauthorized|authentication required|denied|no basic auth credentials|403 Forbidden|401 Unauthorized/i;

function notPulled(what: Wanted & { readonly credential: string; readonly detail: string }): PlayhouseError {
  const { service, image, detail, credential } = what;
  if (!refused.test(detail)) return new PlayhouseError('image-pull-failed', { service, image, detail });
  const registry = registryOfImage(image);
  return new PlayhouseError('image-refused', { service, image, registry, credential, detail });
}

function absent({ service, image, platform }: Wanted, policy: unknown): PlayhouseError {
  const named = platform === null ? image : `${image} (${platform})`;
  return new PlayhouseError('image-absent', { service, image: named, policy: String(policy) });
}
