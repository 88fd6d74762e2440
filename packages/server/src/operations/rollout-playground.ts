// Rollouts and hard restarts of playgrounds of services. What is wished is stored at once; when the operation fails, what was there
// before is stored again, as the engine goes on with it.
import { parseCompose } from '@playhouse/contract/compose/parse-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { OperationKind, OperationStatus } from '@playhouse/contract/operation';
import { invalid } from '../catalog/compose-manifest.ts';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { composeOf } from '../catalog/compose-source.ts';
import { requireSameKind } from '../catalog/require-kind.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { activeOnPlayground } from '../store/operations.ts';
import { listServicePlaygrounds, type StoredPlayground, type StoredStack } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { acceptOnPlayground, type PlaygroundWork } from './accept-on-playground.ts';
import { chooseServices } from './choose-services.ts';
import { requireNoJob } from './job-mode.ts';
import { type AcceptedWork, announce, getPlayground, requireEngine, servicesOrderOf } from './accepted.ts';
import { requireAddresses } from './require-addresses.ts';
import { addressesOf, divideWishes, overWish, requireServices } from './start-services.ts';

export interface RolloutRequest extends Pick<ServicesOrder, 'variables' | 'environment' | 'services'> {
  /** Go over to the newest version of the playspec. */
  readonly upgrade: boolean;
}

/**
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, not-of-machines, rollout-under-way, service-unknown,
 * host-name-taken, playspec-unknown, manifest-invalid
 */
export async function rolloutPlayground(
  plane: ControlPlane,
  reference: string,
  request: RolloutRequest,
  hard: boolean,
): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const { variables, environment } = request;
  const { wishes, own } = divideWishes(request.services);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const stack = await requireChangeable(transaction, found);
    const next = await nextStack(transaction, found, stack, request, wishes);
    const living = await listServicePlaygrounds(transaction);
    requireAddresses(
      living.filter((other) => other.id !== id),
      next.stack.addresses,
      found.owner,
    );
    const { compose, services, addresses } = stack;
    const before = { playspec: found.playspec, stack: { compose, services, addresses } };
    const mend = found.status === 'error';
    const status = mend ? 'pending' : found.status;
    const change = { status, playspec: next.playspec, stack: { ...next.stack, before } };
    return await acceptOnPlayground(plane, transaction, found, change, (operationId, changed) => ({
      ...{ kind: 'services.rollout', operationId, hard, heal: false, mend },
      playground: servicesOrderOf(changed, { variables, environment, own }),
    }));
  });
  crashPoint('rollout-committed');
  return announce(plane, playground, operation);
}

/** Begins to bring back what a playground is to be, in the caller’s transaction. */
export async function acceptHeal(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
): Promise<PlaygroundWork> {
  const { status } = found;
  return await acceptOnPlayground(plane, transaction, found, { status }, (operationId, changed) => ({
    ...{ kind: 'services.rollout', operationId, hard: false, heal: true, mend: false },
    playground: servicesOrderOf(changed),
  }));
}

export function isRollout(kind: OperationKind): boolean {
  return kind === 'playground.rollout' || kind === 'playground.hard-restart' || kind === 'playground.heal';
}

/** What is stored of a playground once its rollout has ended. */
export function settleRollout(
  { playspec, stack }: StoredPlayground,
  status: OperationStatus,
): Pick<StoredPlayground, 'playspec' | 'stack'> {
  if (stack?.before === undefined) return { playspec, stack };
  const { before, ...rest } = stack;
  if (status === 'succeeded') return { playspec, stack: rest };
  return { playspec: before.playspec, stack: { ...rest, ...before.stack } };
}

async function requireChangeable(database: Database, found: StoredPlayground): Promise<StoredStack> {
  const { name, status, stack } = found;
  if (stack === null) throw new PlayhouseError('not-of-machines', { playground: name });
  const under = (await activeOnPlayground(database, found.id)).find(({ kind }) => isRollout(kind));
  if (under !== undefined)
    throw new PlayhouseError('rollout-under-way', { playground: name, operation: under.id });
  // What is in error is mended by other values, another branch or another version.
  if (!['running', 'has_changes', 'error'].includes(status)) throw wrongState(found, 'rolled out');
  requireNoJob(found, 'rolled out');
  return stack;
}

/** What it is to be made from. That all variables have a value is found out by the engine, which keeps them. */
async function nextStack(
  database: Database,
  { playspec, slug, name }: StoredPlayground,
  stack: StoredStack,
  { upgrade }: RolloutRequest,
  wishes: StoredStack['services'],
): Promise<Pick<StoredPlayground, 'playspec'> & { readonly stack: StoredStack }> {
  const { domain, policy, profiles = [] } = stack;
  const newest = upgrade ? await getPlayspec(database, playspec.name) : null;
  if (newest !== null) requireSameKind(newest, 'compose');
  const compose = newest === null ? stack.compose : composeOf(newest);
  const parsed = parseCompose(compose.text, { ...compose, policy });
  if (parsed.problems !== undefined) throw invalid(compose.file, parsed.problems);
  if (parsed.plan.jobMode) throw new PlayhouseError('job-fixed', { playground: name, action: 'rolled out' });
  const plan = chooseServices(parsed, compose.file, profiles);
  requireServices(plan, playspec.name, wishes);
  const services = { ...stack.services };
  for (const [name, wish] of Object.entries(wishes)) services[name] = overWish(services[name], wish);
  // Whether volumes outlive it was decided when it was started.
  const version = newest === null ? playspec : { name: newest.name, version: newest.version };
  const addresses = addressesOf(plan, services, { slug, domain });
  return { playspec: version, stack: { ...stack, compose, services, addresses } };
}
