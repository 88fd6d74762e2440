import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import { ownImagePrefix } from '@playhouse/contract/compose/names/own-image-prefix';
import type { PlannedBuild, PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { BuildOverrides } from '@playhouse/contract/link/services-order';
import type { PrivateCopy } from '../git/private-copy.ts';
import { compiledFileOf, compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { buildWishes } from '../services-secrets.ts';
import { checkoutOf } from './clone-repositories.ts';
import { lentRegistries } from './lent-registries.ts';

/** A service that is built. */
export type BuiltService = PlannedService & { readonly build: PlannedBuild };

/** What is to be built, and the name that it gets: the same for the same. */
export interface PlannedImage {
  readonly image: string;
  readonly recipe: PlannedBuild;
  readonly values: readonly (readonly [string, string])[];
  readonly commit: string;
  /** What it is built of: the commit, or the tree of what somebody works on. */
  readonly tree: string;
  /** Those whose credentials its owner lends to the build: such an image is that owner’s alone. */
  readonly registries: readonly string[];
}

export function isBuilt(service: PlannedService): service is BuiltService {
  return service.build !== null && service.source !== null;
}

/** True when a service runs what was committed and built, whatever its checkout has. */
export function isProduction({ order }: Pick<ServicesRecord, 'order'>, service: PlannedService): boolean {
  return order.services[service.name]?.production ?? service.production;
}

/**
 * The image of a service as its checkout stands. In production mode that is its commit; else what somebody works on, by a name that no
 * other playground has.
 * @throws PlayhouseError repository-failed, cancelled
 */
export async function plannedImage(
  context: ServicesContext,
  service: BuiltService,
  variables: Readonly<Record<string, string>>,
  copy: Pick<PrivateCopy, 'treeOfWork' | 'read'>,
): Promise<PlannedImage> {
  const { build: written, source, name } = service;
  // Compose made the context absolute, below the folder of the file; it means the checkout, which may be the one that has the file.
  const { beside } = context.tools.records.files(context.id);
  const root = source?.ofFile === true ? beside : dirname(compiledFileOf(context));
  const own = {
    ...written,
    context: relative(root, written.context) || '.',
    arguments: { ...bareArguments(context, name), ...written.arguments },
  };
  const recipe = mergeBuild(own, buildWishes(context.tools, recordOf(context))[name]);
  const { commit, dirty } = await checkoutOf(context, name).state();
  const values = Object.entries(recipe.arguments).map(
    ([argument, value]) => [argument, value ?? variables[argument] ?? ''] as const,
  );
  const isWork = dirty && !isProduction(recordOf(context), service);
  const tree = isWork ? await copy.treeOfWork() : commit;
  const { owner } = recordOf(context).order;
  const known = (await context.tools.credentials.forRegistries(owner)).keys();
  const registries = await lentRegistries([...known], { recipe, values, tree }, copy);
  const marks = [...(isWork ? [context.id, tree] : []), ...(registries.length > 0 ? [{ owner }] : [])];
  const identity = JSON.stringify([source?.repository.url, commit, recipe, values, ...marks]);
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  const image = `${ownImagePrefix}${name.toLowerCase()}:${digest}`;
  return { image, recipe, values, commit, tree, registries };
}

/** Arguments that the file names without a value: Docker Compose leaves out those that it has none for. */
function bareArguments(context: ServicesContext, service: string): PlannedBuild['arguments'] {
  const { plan } = compiledOf(context.tools, recordOf(context));
  const written = plan.services.find(({ name }) => name === service)?.build?.arguments ?? {};
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value === null));
}

function mergeBuild(written: PlannedBuild, over: BuildOverrides = {}): PlannedBuild {
  const { platform } = written;
  const { context = written.context, dockerfile = written.dockerfile, target = written.target } = over;
  const { inline, ...others } = written.extras ?? {};
  // Another Dockerfile takes the place of one that the file has in itself.
  const extras = inline === undefined || over.dockerfile !== undefined ? others : { inline, ...others };
  return {
    ...{ context, dockerfile, target, arguments: { ...written.arguments, ...over.args } },
    ...(platform === undefined ? {} : { platform }),
    ...(Object.keys(extras).length === 0 ? {} : { extras }),
  };
}
