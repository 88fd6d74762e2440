import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import {
  nextStatus,
  type PlaygroundEvent,
  type PlaygroundStatus,
} from '@playhouse/contract/playground-status';
import type { ControlPlane } from '../control-plane.ts';
import { type StoredPlayground, findPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import type { OperationCommand } from './accept-operation.ts';

/** What a request that starts work on a playground is answered with. */
export interface AcceptedWork {
  readonly playground: Playground;
  readonly operation: Operation;
}

/** Tells everybody about work that was committed: the listeners of the feed and the engine. */
export function announce(
  plane: ControlPlane,
  playground: StoredPlayground,
  operation: Operation,
): AcceptedWork {
  const shown = toPublicPlayground(playground);
  plane.feed.publish({ kind: 'operation', operation }, { kind: 'playground', playground: shown });
  plane.engine.nudge();
  return { playground: shown, operation };
}

/** @throws PlayhouseError playground-unknown */
export async function getPlayground(database: Database, reference: string): Promise<StoredPlayground> {
  const playground = await findPlayground(database, reference);
  if (playground === null) throw new PlayhouseError('playground-unknown', { reference });
  return playground;
}

/**
 * The status after `event`; `action` says in a past participle what was asked for.
 * @throws PlayhouseError playground-state
 */
export function requireStatusAfter(
  { name, status }: StoredPlayground,
  event: PlaygroundEvent,
  action: string,
): PlaygroundStatus {
  const next = nextStatus(status, event);
  if (next === null) throw wrongState({ name, status }, action);
  return next;
}

/** @throws PlayhouseError engine-down */
export function requireEngine(plane: ControlPlane): void {
  if (!plane.engine.connected) throw new PlayhouseError('engine-down');
}

/** Values that go to the engine with a command and are not stored: it keeps them sealed. */
export type ServicesValues = Pick<ServicesOrder, 'variables' | 'environment'> & {
  /** Of single services, by name. */
  readonly own: Readonly<Record<string, ServicesOrder['environment']>>;
};

const noValues: ServicesValues = { variables: {}, environment: {}, own: {} };

/** What has the engine start a new playground, or one that failed. */
export function startCommand(
  playground: StoredPlayground,
  operationId: string,
  values: ServicesValues = noValues,
): OperationCommand {
  if (playground.stack !== null)
    return {
      ...{ kind: 'services.start', operationId, again: false },
      playground: servicesOrderOf(playground, values),
    };
  return { kind: 'playground.start', operationId, playground: orderOf(playground) };
}

/** The same for one that was stopped. */
export function restartCommand(
  playground: StoredPlayground,
  operationId: string,
  cold: boolean,
): OperationCommand {
  if (playground.stack !== null)
    return { kind: 'services.start', operationId, again: true, playground: servicesOrderOf(playground) };
  return { kind: 'playground.restart', operationId, playground: continuedOrderOf(playground), cold };
}

export function servicesOrderOf(
  { id, number, slug, ownerId, stack, from }: StoredPlayground,
  { variables, environment, own }: ServicesValues = noValues,
): ServicesOrder {
  if (stack === null) throw new Error(`playground ${id} has no services`);
  const { compose, services: wishes, profiles = [], domain, policy } = stack;
  const services = withEnvironment(wishes, own);
  return {
    ...{
      id,
      number,
      slug,
      owner: ownerId ?? '',
      compose,
      variables,
      environment,
      services,
      profiles,
      domain,
      policy,
    },
    // Taken up once: a playground that has begun has volumes of its own.
    from: from === null ? null : { snapshotId: from.snapshotId },
    persistentId: stack.persistentId ?? null,
  };
}

/** What is wished for services, with the variables of each. */
export function withEnvironment(
  wishes: ServicesOrder['services'],
  own: ServicesValues['own'],
): ServicesOrder['services'] {
  const services = { ...wishes };
  for (const [name, environment] of Object.entries(own)) services[name] = { ...services[name], environment };
  return services;
}

/** @throws PlayhouseError not-of-services: `action` in a past participle */
export function requireMachines({ name, stack }: StoredPlayground, action: string): void {
  if (stack !== null) throw new PlayhouseError('not-of-services', { playground: name, action });
}

/** The start command's payload. */
function orderOf(playground: StoredPlayground): PlaygroundOrder {
  const { id, number, slug, manifest, conditions, authorizedKeys, from, spare } = playground;
  const order = { id, number, slug, manifest, conditions, authorizedKeys: [...authorizedKeys], from };
  return spare ? { ...order, spare } : order;
}

/** The same for one that goes on with what it has: what it once began with is no matter any more. */
export function continuedOrderOf(playground: StoredPlayground): PlaygroundOrder {
  return { ...orderOf(playground), from: null };
}

/** A playground as the subject of an operation. */
export function subjectOf(playground: StoredPlayground): Operation['subject'] {
  return { kind: 'playground', id: playground.id, name: playground.name };
}
