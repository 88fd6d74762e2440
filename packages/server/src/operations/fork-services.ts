// What a fork of a playground of services is made of: all that its origin is, under a name and at addresses of its own.
import { parseCompose } from '@playhouse/contract/compose/parse-compose';
import { chosenServices } from '@playhouse/contract/compose/plan/chosen-services';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { Service } from '@playhouse/contract/service';
import { activeOnPlayground } from '../store/operations.ts';
import { listServicePlaygrounds, type StoredPlayground, type StoredStack } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import type { NewPlayground } from './create-playground.ts';
import { isTakenBy } from './require-addresses.ts';
import { isRollout } from './rollout-playground.ts';
import { addressesOf } from './start-services.ts';

/** Room for a number behind it. */
const longestBase = 36;

/**
 * Chooses the first slug whose addresses nobody has whom the owner has to make way for, from `wanted`. Addresses that were chosen for
 * the origin stay its own; so do volumes that outlive it.
 */
export async function draftServicesFork(
  transaction: Database,
  { stack, services }: StoredPlayground,
  wanted: string,
  owner: string,
): Promise<Pick<NewPlayground, 'slug' | 'services'> & { readonly stack: StoredStack }> {
  if (stack === null) throw new Error('only playgrounds of services are forked like that');
  const others = await listServicePlaygrounds(transaction);
  for (let count = 1; ; count += 1) {
    const slug = count === 1 ? wanted : `${wanted.slice(0, longestBase).replace(/-+$/, '')}-${count}`;
    const own = stackOf(stack, slug);
    if (!own.addresses.some((address) => others.some((other) => isTakenBy(other, address, owner))))
      return { slug, stack: own, services: services.map(pending) };
  }
}

/** @throws PlayhouseError rollout-under-way: nobody knows yet which of its two versions it will be */
export async function requireNoRollout(database: Database, { id, name }: StoredPlayground): Promise<void> {
  const under = (await activeOnPlayground(database, id)).find(({ kind }) => isRollout(kind));
  if (under !== undefined)
    throw new PlayhouseError('rollout-under-way', { playground: name, operation: under.id });
}

function stackOf(
  { compose, domain, policy, services: wished, profiles = [] }: StoredStack,
  slug: string,
): StoredStack {
  const parsed = parseCompose(compose.text, { ...compose, policy });
  const plan =
    parsed.problems === undefined ? chosenServices(parsed.plan, profiles) : { services: [], jobMode: false };
  const services: Record<string, ServicesOrder['services'][string]> = {};
  for (const [name, { subdomain: _chosen, ...wish }] of Object.entries(wished)) services[name] = wish;
  // The domain itself can be only one playground’s.
  for (const { name, exposure } of plan.services)
    if (exposure?.subdomain === '@') services[name] = { ...services[name], subdomain: `${name}-${slug}` };
  return {
    ...{ compose, domain, policy, services, profiles },
    addresses: addressesOf(plan, services, { slug, domain }),
  };
}

/** A service of which nothing is known but what it was in the origin. */
function pending(service: Service): Service {
  const unknown = { url: null, exitCode: null, healthOutput: null, maintenance: null };
  return {
    ...service,
    ...unknown,
    state: 'pending',
    dirty: null,
    standing: null,
    standingDetail: null,
    endDetail: null,
    nextImage: null,
    kept: null,
    drift: null,
  };
}
