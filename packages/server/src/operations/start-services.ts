// Starts of playspecs that are Compose files. Everything that can be refused is refused before anything is written.
import { compileCompose } from '@playhouse/contract/compose/compile-compose';
import { readSubdomain } from '@playhouse/contract/compose/labels/label-values';
import { hostNameOf } from '@playhouse/contract/compose/names/host-name';
import { parseCompose } from '@playhouse/contract/compose/parse-compose';
import type { PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Problem } from '@playhouse/contract/errors/problem';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import { manifestSchema } from '@playhouse/contract/manifest/manifest';
import type { Service } from '@playhouse/contract/service';
import { invalid } from '../catalog/compose-manifest.ts';
import { composeOf } from '../catalog/compose-source.ts';
import { persistentIdOf } from '../catalog/persistent-id.ts';
import type { ControlPlane } from '../control-plane.ts';
import { listServicePlaygrounds, type StoredStack } from '../store/playgrounds.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { chooseServices } from './choose-services.ts';
import type { NewPlayground } from './create-playground.ts';
import { requireAddresses } from './require-addresses.ts';

export interface ServicesRequest {
  readonly variables: ServicesOrder['variables'];
  readonly environment: ServicesOrder['environment'];
  readonly services: ServicesOrder['services'];
  readonly profiles: ServicesOrder['profiles'];
  readonly slug: string;
}

/** Divides what is wished for services into what the server keeps and values that only the engine does. */
export function divideWishes(services: ServicesOrder['services']) {
  const entries = Object.entries(services);
  return {
    wishes: Object.fromEntries(entries.map(([name, { environment: _values, ...wish }]) => [name, wish])),
    own: Object.fromEntries(entries.map(([name, { environment = {} }]) => [name, environment])),
  };
}

/** What of a playground follows from its Compose file and what was wished. */
export type ServicesDraft = Pick<
  NewPlayground,
  'playspec' | 'manifest' | 'conditions' | 'machines' | 'tasks' | 'ramBytes' | 'services'
> & {
  readonly stack: StoredStack;
  readonly notes: readonly Problem[];
  readonly jobMode: boolean;
};

/** @throws PlayhouseError manifest-invalid, with every fault at its place; service-unknown */
export function draftServices(
  plane: Pick<ControlPlane, 'hostPolicy' | 'domain'>,
  playspec: StoredPlayspec,
  { variables, services: wished, profiles: asked, slug }: Omit<ServicesRequest, 'environment'>,
): ServicesDraft {
  const { hostPolicy: policy, domain } = plane;
  const { name, version } = playspec;
  const compose = composeOf(playspec);
  const { text, ...source } = compose;
  const services = overSaved(playspec.savedServices, divideWishes(wished).wishes);
  const profiles = [...new Set([...playspec.savedProfiles, ...asked])];
  // Random values are drawn by the engine, which keeps them; here it only matters that there are some.
  const values = { given: variables, kept: {}, newHex: (digits: number) => '0'.repeat(digits) };
  // Values that a saved playspec has are the engine’s, which fills them in.
  const compiled =
    playspec.saved === null
      ? compileCompose(text, { ...source, policy, rootDomain: domain, ...values })
      : parseCompose(text, { ...source, policy });
  if (compiled.problems !== undefined) throw invalid(source.file, compiled.problems);
  const { notes, metadata } = compiled;
  const plan = chooseServices(compiled, source.file, profiles);
  requireServices(plan, name, services);
  const stack = {
    ...{ compose, services, profiles, domain, policy },
    ...(metadata.persist_volumes ? { persistentId: persistentIdOf(playspec) } : {}),
  };
  return {
    playspec: { name, version },
    manifest: manifestSchema.parse({ kind: 'playground', playground: {} }),
    conditions: {},
    machines: [],
    tasks: [],
    ramBytes: 0,
    stack: { ...stack, addresses: addressesOf(plan, services, { slug, domain }) },
    services: plan.services.map((service) => pendingService(service, services[service.name])),
    notes,
    jobMode: plan.jobMode,
  };
}

/** What is wished now, over what was when the playground was saved that the playspec is of. */
function overSaved(
  saved: StoredPlayspec['savedServices'],
  wishes: ServicesOrder['services'],
): ServicesOrder['services'] {
  const services = { ...saved };
  for (const [name, wish] of Object.entries(wishes)) services[name] = overWish(services[name], wish);
  return services;
}

type Wish = ServicesOrder['services'][string];

/** A branch that is another one is not made from what the former was made from. */
export function overWish(former: Wish = {}, wish: Wish): Wish {
  const { newFrom: _former, ...kept } = former;
  return wish.branch === undefined ? { ...former, ...wish } : { ...kept, ...wish };
}

/** @throws PlayhouseError service-unknown, subdomain-unfit */
export function requireServices(
  plan: ServicePlan,
  playspec: string,
  wishes: ServicesOrder['services'],
): void {
  for (const [service, { subdomain }] of Object.entries(wishes)) {
    const found = plan.services.find((each) => each.name === service);
    if (found !== undefined) {
      requireSubdomain(found, subdomain);
      continue;
    }
    const known = plan.services.map((each) => `\`${each.name}\``).join(', ');
    throw new PlayhouseError('service-unknown', { playspec, service, known });
  }
}

function requireSubdomain({ name: service, exposure }: PlannedService, subdomain: string | undefined): void {
  if (subdomain === undefined) return;
  const unfit = (reason: string) =>
    new PlayhouseError('subdomain-unfit', { service, subdomain: subdomain.slice(0, 100), reason });
  if (exposure === null) throw unfit('it has no address, for the file gives it no `playgrounds.port`');
  if (readSubdomain(subdomain) === undefined) throw unfit('that is no part of a host name');
}

/**
 * Checks that nobody has what only one playground can have: its addresses and volumes that outlive it. Called inside the
 * transaction that takes them, after `checkServicesRoom`.
 * @throws PlayhouseError host-name-taken, playspec-stateful
 */
export async function checkServices(
  transaction: Database,
  { addresses, persistentId }: Pick<StoredStack, 'addresses' | 'persistentId'>,
  owner: string,
): Promise<void> {
  const living = await listServicePlaygrounds(transaction);
  const other = living.find(
    (found) => persistentId !== undefined && found.stack?.persistentId === persistentId,
  );
  if (other !== undefined)
    throw new PlayhouseError('playspec-stateful', { playspec: other.playspec.name, playground: other.name });
  requireAddresses(living, addresses, owner);
}

export function addressesOf(
  { services }: ServicePlan,
  wishes: ServicesOrder['services'],
  place: { readonly slug: string; readonly domain: string },
): StoredStack['addresses'] {
  return services.flatMap(({ name, exposure }) => {
    if (exposure === null) return [];
    const chosen = wishes[name]?.subdomain;
    const subdomain = chosen ?? exposure.subdomain;
    const host = hostNameOf({ ...place, subdomain, chosen: chosen !== undefined });
    return [{ service: name, host, rule: JSON.stringify(exposure.pathRule) }];
  });
}

/** A service before the engine has said anything of it. */
function pendingService(
  { name, kind, image, exposure, production, watched }: ServicePlan['services'][number],
  wish: ServicesOrder['services'][string] | undefined,
): Service {
  const unknown = {
    url: null,
    exitCode: null,
    healthOutput: null,
    commit: null,
    maintenance: null,
  };
  const unfollowed = { dirty: null, standing: null, standingDetail: null, endDetail: null, nextImage: null };
  const visibility = exposure?.visibility ?? null;
  const branch = wish?.branch ?? null;
  return {
    name,
    kind,
    state: 'pending',
    image,
    visibility,
    branch,
    production: wish?.production ?? production,
    ...unknown,
    ...unfollowed,
    watched,
    drift: null,
    kept: null,
  };
}
