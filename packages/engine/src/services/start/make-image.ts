// Makes the image of a service from a copy of what its checkout has: the same way for what is to run now and for what a rollout is
// to find made.
import { realpath } from 'node:fs/promises';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import { hostFailure } from '../docker/docker-failure.ts';
import { PrivateCopy } from '../git/private-copy.ts';
import type { ServicesContext } from '../services-context.ts';
import { bakeDefinition } from './bake-definition.ts';
import { type BuiltService, type PlannedImage, plannedImage } from './planned-image.ts';
import { endOf } from './rendered.ts';
import { variablesOf } from './service-variables.ts';
import { withRegistries } from './with-registries.ts';

const buildTimeoutMs = 2_700_000;

/**
 * Makes it unless it is there already. `keep` writes down that somebody needs it; until then it is not collected.
 * @throws PlayhouseError image-build-failed, repository-failed, disk-full, cancelled, and what `keep` throws
 */
export async function makeImage(
  context: ServicesContext,
  service: BuiltService,
  rendered: ComposeData,
  voice: StepVoice,
  keep: (made: PlannedImage) => Promise<void>,
): Promise<void> {
  voice.detail(service.name);
  const variables = await variablesOf(context, service, rendered);
  const { tools, id } = context;
  const files = tools.records.files(id);
  const from = { checkout: files.checkout(service.name), history: files.history(service.name) };
  await PrivateCopy.with(from, files.building, voice.signal, async (copy) => {
    const wanted = await plannedImage(context, service, variables, copy);
    await tools.making.during(wanted.image, async () => {
      await build(context, service.name, wanted, copy, voice);
      await keep(wanted);
    });
  });
}

async function build(
  context: ServicesContext,
  service: string,
  { image, recipe, values, commit, tree, registries }: PlannedImage,
  copy: PrivateCopy,
  voice: StepVoice,
): Promise<void> {
  const { tools } = context;
  const docker = await tools.docker(voice);
  if ((await docker.try(['image', 'inspect', image])).exitCode === 0) {
    voice.log(`${service}: ${image} is there already`);
    return;
  }
  const root = await realpath(await copy.layOut(tree));
  const folder = await inside(root, recipe.context, service);
  const { extras } = recipe;
  const file =
    extras?.inline === undefined
      ? await inside(root, `${recipe.context}/${recipe.dockerfile}`, service)
      : null;
  const input = bakeDefinition({
    ...{ image, context: folder, dockerfile: file, target: recipe.target, arguments: values },
    ...(extras === undefined ? {} : { extras }),
    ...(recipe.platform === undefined ? {} : { platform: recipe.platform }),
    labels: { ...extras?.labels, 'playhouse.installation': tools.installation, 'playhouse.commit': commit },
  });
  const { exitCode, stderr, stdout } = await withRegistries(
    context,
    docker,
    async (opened) =>
      await opened.try(['buildx', 'bake', '--progress', 'plain', '--file', '-', 'image'], {
        input,
        // Later versions read nothing outside the folder in which they are started unless they are asked to.
        cwd: root,
        timeoutMs: buildTimeoutMs,
        signal: voice.signal,
        onLine: (line) => voice.log(`${service}: ${line}`),
      }),
    (registry) => registries.includes(registry),
  );
  if (exitCode === 0) return;
  const detail = endOf(stderr || stdout);
  throw (await hostFailure(detail, docker)) ?? new PlayhouseError('image-build-failed', { service, detail });
}

/** A path of the copy, all links followed: a repository may hold a link to anywhere. */
async function inside(root: string, path: string, service: string): Promise<string> {
  const real = await realpath(`${root}/${path}`).catch(() => null);
  if (real === null)
    throw new PlayhouseError('image-build-failed', { service, detail: `${path} is not in the repository` });
  if (real === root || real.startsWith(`${root}/`)) return real;
  throw new PlayhouseError('image-build-failed', { service, detail: `${path} leads out of the repository` });
}
