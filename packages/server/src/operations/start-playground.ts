import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ExpiryAction } from '@playhouse/contract/lifetime';
import type { Problem } from '@playhouse/contract/errors/problem';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { kindOf, requireSameKind } from '../catalog/require-kind.ts';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { checkServicesRoom } from '../placement/check-services-room.ts';
import { findInventory } from '../store/inventory.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import { type AcceptedWork, announce, requireEngine } from './accepted.ts';
import { createPlayground, type Owner, ownedBy } from './create-playground.ts';
import { draftStart, requireReady } from './draft-start.ts';
import { chooseLifetime, rulesFor } from './lifetime-rules.ts';
import { slugify } from './slug.ts';
import { findSpare, takeOver } from './spares.ts';
import { checkServices, divideWishes, draftServices } from './start-services.ts';

export interface StartRequest {
  readonly playspec: string;
  readonly manifest?: string | undefined;
  readonly manifestFile: string;
  readonly title?: string | undefined;
  readonly conditions: Readonly<Record<string, string>>;
  readonly authorizedKeys: readonly string[];
  /** Of Compose playspecs: values of variables, and what is wished for services. */
  readonly variables: ServicesOrder['variables'];
  readonly environment: ServicesOrder['environment'];
  readonly services: ServicesOrder['services'];
  readonly profiles: ServicesOrder['profiles'];
  readonly lifetimeSeconds?: number | null | undefined;
  readonly onExpiry?: ExpiryAction | undefined;
}

export interface AcceptedStart extends AcceptedWork {
  /** What the manifest says that has no effect in this version, or one that is worth knowing. */
  readonly notes: Problem[];
}

/**
 * Creates a playground of `owner` and has the engine start it. That the owner may start the playspec was checked before.
 * Everything that can be refused is refused before anything is written.
 * @throws PlayhouseError engine-down, playspec-unknown, playspec-version-unknown, playspec-not-ready, playspec-fixed,
 * manifest-invalid, source-unknown, kernel-unknown, conditions-refused, lifetime-too-long, memory-budget, playground-limit,
 * service-unknown, host-name-taken, services-limit
 */
export async function startPlayground(
  plane: ControlPlane,
  request: StartRequest,
  owner: Owner,
): Promise<AcceptedStart> {
  requireEngine(plane);
  const { database } = plane.store;
  const playspec = await getPlayspec(database, request.playspec);
  if (playspec.kind === 'compose') return await startServices(plane, playspec, request, owner);
  const known = await findInventory(database);
  if (known === null) throw new PlayhouseError('engine-down');
  const written =
    request.manifest === undefined ? null : { text: request.manifest, file: request.manifestFile };
  const draft = draftStart(playspec, written, request.conditions, known.inventory, plane.limits);
  const { notes, ...rest } = draft;
  const { ramBytes, manifest } = draft;
  const lifetimeSeconds = chooseLifetime(plane.lifetimes, request.lifetimeSeconds);
  const ownTitle = request.title ?? (manifest.title === playspec.title ? undefined : manifest.title);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes, playgroundId: null, playgroundLimit });
    // Behind the lock that this took: two starts do not find the same.
    const spare = await findSpare(transaction, playspec, draft.from ?? null);
    const made = {
      ...rest,
      title: ownTitle ?? playspec.title,
      slug: slugify(ownTitle ?? playspec.name, playspec.name),
      ...ownedBy(owner),
      lifetimeSeconds,
      onExpiry: request.onExpiry ?? plane.lifetimes.onExpiry,
      authorizedKeys: request.authorizedKeys,
    };
    return spare === null
      ? await createPlayground(plane, transaction, made)
      : await takeOver(plane, transaction, spare, made);
  });
  crashPoint('start-committed');
  return { ...announce(plane, playground, operation), notes: [...notes] };
}

async function startServices(
  plane: ControlPlane,
  playspec: StoredPlayspec,
  request: StartRequest,
  owner: Owner,
): Promise<AcceptedStart> {
  if (request.manifest !== undefined) requireSameKind(playspec, kindOf(request.manifest));
  requireReady(playspec);
  const slug = slugify(request.title ?? playspec.name, playspec.name);
  const draft = draftServices(plane, playspec, { ...request, slug });
  const { notes, jobMode, ...rest } = draft;
  const lifetimeSeconds = chooseLifetime(rulesFor(plane.lifetimes, jobMode), request.lifetimeSeconds);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    await checkServicesRoom(transaction, plane, { owner: owner.name, count: 1 });
    await checkServices(transaction, draft.stack, owner.name);
    const made = {
      ...rest,
      title: request.title ?? playspec.title,
      slug,
      ...ownedBy(owner),
      lifetimeSeconds,
      onExpiry: request.onExpiry ?? plane.lifetimes.onExpiry,
      authorizedKeys: [],
      from:
        playspec.saved === null
          ? null
          : ({ snapshotId: playspec.saved.snapshotId, memory: 'leave' } as const),
    };
    const { variables, environment } = request;
    const { own } = divideWishes(request.services);
    return await createPlayground(plane, transaction, made, { variables, environment, own });
  });
  crashPoint('start-committed');
  return { ...announce(plane, playground, operation), notes: [...notes] };
}
