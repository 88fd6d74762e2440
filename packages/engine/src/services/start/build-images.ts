import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { ownImagePrefix } from '@playhouse/contract/compose/names/own-image-prefix';
import type { BuildOverrides } from '@playhouse/contract/link/services-order';
import type { PlannedBuild, PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { hostFailure } from '../docker/docker-failure.ts';
import { changeRecord, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from './clone-repositories.ts';
import { bakeDefinition } from './bake-definition.ts';
import { withRegistries } from './with-registries.ts';
import { endOf, renderedOf } from './rendered.ts';
import { variablesOf } from './service-variables.ts';

const buildTimeoutMs = 2_700_000;

/** Builds what has to be built. The same commit with the same recipe is not built twice. */
export const buildImages: Step<ServicesContext> = {
  label: 'Building images',
  run: async (context, voice) => {
    const { rendered, plan } = await renderedOf(context, voice);
    for (const service of plan.services) {
      if (service.build === null || service.source === null) continue;
      if (await isPinned(context, service, voice)) continue;
      voice.detail(service.name);
      const variables = await variablesOf(context, service, rendered);
      const wanted = await plannedBuild(context, service, service.build, variables);
      await context.tools.making.during(wanted.image, async () => {
        await build(context, service, wanted, voice);
        const { parts } = recordOf(context);
        const part = { branch: null, commit: null, ...parts[service.name], image: wanted.image };
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

/** What is to be built, and the name that it gets: the same for the same. */
interface WantedImage {
  readonly image: string;
  readonly recipe: ReturnType<typeof mergeBuild>;
  readonly values: readonly (readonly [string, string])[];
  readonly commit: string;
  readonly dirty: boolean;
}

async function plannedBuild(
  context: ServicesContext,
  service: PlannedService,
  written: PlannedBuild,
  variables: Readonly<Record<string, string>>,
): Promise<WantedImage> {
  const files = context.tools.records.files(context.id);
  // Compose made the context absolute, below the folder of the file; it means the checkout.
  const own = { ...written, context: relative(dirname(files.compiled), written.context) || '.' };
  const recipe = mergeBuild(own, recordOf(context).order.services[service.name]?.build);
  const { commit, dirty } = await checkoutOf(context, service.name).state();
  const values = Object.entries(recipe.arguments).map(
    ([name, value]) => [name, value ?? variables[name] ?? ''] as const,
  );
  const identity = JSON.stringify([service.source?.repository.url, commit, recipe, values]);
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  const image = `${ownImagePrefix}${service.name.toLowerCase()}:${digest}`;
  return { image, recipe, values, commit, dirty };
}

async function build(
  context: ServicesContext,
  service: PlannedService,
  { image, recipe, values, commit, dirty }: WantedImage,
  voice: StepVoice,
): Promise<void> {
  const { tools, id } = context;
  const docker = await tools.docker(voice);
  const files = tools.records.files(id);
  // What was changed and not committed has no name by which it could be found again.
  if (!dirty && (await docker.try(['image', 'inspect', image])).exitCode === 0) {
    voice.log(`${service.name}: ${image} is there already`);
    return;
  }
  const root = await realpath(files.checkout(service.name));
  const folder = await inside(root, recipe.context, service.name);
  const file = await inside(root, `${recipe.context}/${recipe.dockerfile}`, service.name);
  const input = bakeDefinition({
    ...{ image, context: folder, dockerfile: file, target: recipe.target, arguments: values },
    labels: { 'playhouse.installation': tools.installation, 'playhouse.commit': commit },
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
        onLine: (line) => voice.log(`${service.name}: ${line}`),
      }),
  );
  if (exitCode === 0) return;
  const detail = endOf(stderr || stdout);
  throw (
    (await hostFailure(detail, docker)) ??
    new PlayhouseError('image-build-failed', { service: service.name, detail })
  );
}

/** A path of the checkout, all links followed: a repository may hold a link to anywhere. */
async function inside(root: string, path: string, service: string): Promise<string> {
  const real = await realpath(`${root}/${path}`).catch(() => null);
  if (real === null)
    throw new PlayhouseError('image-build-failed', { service, detail: `${path} is not in the repository` });
  if (real === root || real.startsWith(`${root}/`)) return real;
  throw new PlayhouseError('image-build-failed', { service, detail: `${path} leads out of the repository` });
}

function mergeBuild(written: PlannedBuild, over: BuildOverrides = {}): PlannedBuild {
  const { context = written.context, dockerfile = written.dockerfile, target = written.target } = over;
  return { context, dockerfile, target, arguments: { ...written.arguments, ...over.args } };
}
