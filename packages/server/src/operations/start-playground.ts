import { projectName } from '@playhouse/contract/identifier';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ExpiryAction } from '@playhouse/contract/lifetime';
import type { Problem } from '@playhouse/contract/errors/problem';
import { composeManifest } from '../catalog/compose-manifest.ts';
import { getPlayspec } from '../catalog/get-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { nextCount } from '../store/counters.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayground, type StoredPlayground } from '../store/playgrounds.ts';
import { acceptOperation } from './accept-operation.ts';
import { type AcceptedWork, announce, orderOf, requireEngine, subjectOf } from './accepted.ts';
import { chosenConditions } from './chosen-conditions.ts';
import { chooseLifetime, expiryAfter } from './lifetime-rules.ts';
import { planMachines, sumRam } from './plan-machines.ts';
import { planTasks } from './plan-tasks.ts';
import { slugify } from './slug.ts';

export interface StartRequest {
  readonly playspec: string;
  readonly manifest?: string | undefined;
  readonly manifestFile: string;
  readonly title?: string | undefined;
  readonly conditions: Readonly<Record<string, string>>;
  readonly authorizedKeys: readonly string[];
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
 * @throws PlayhouseError engine-down, playspec-unknown, playspec-version-unknown, manifest-invalid, source-unknown,
 * kernel-unknown, conditions-refused, lifetime-too-long, memory-budget, playground-limit
 */
export async function startPlayground(
  plane: ControlPlane,
  request: StartRequest,
  owner: string,
): Promise<AcceptedStart> {
  requireEngine(plane);
  const { database } = plane.store;
  const playspec = await getPlayspec(database, request.playspec);
  const known = await findInventory(database);
  if (known === null) throw new PlayhouseError('engine-down');
  const written =
    request.manifest === undefined ? null : { text: request.manifest, file: request.manifestFile };
  const { manifest, notes } = composeManifest(playspec, written, known.inventory, plane.limits);
  const conditions = chosenConditions(playspec.name, manifest, request.conditions);
  const lifetimeSeconds = chooseLifetime(plane.lifetimes, request.lifetimeSeconds);
  const machines = planMachines(manifest);
  const ramBytes = sumRam(machines);
  const ownTitle = request.title ?? (manifest.title === playspec.title ? undefined : manifest.title);
  const at = plane.now().toISOString();
  const operationId = plane.newIdentifier();

  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes, playgroundId: null, playgroundLimit });
    const number = await nextCount(transaction, 'playground');
    const slug = slugify(ownTitle ?? playspec.name, playspec.name);
    const created: StoredPlayground = {
      id: plane.newIdentifier(),
      number,
      slug,
      name: projectName({ number, slug }),
      title: ownTitle ?? playspec.title,
      playspec: { name: playspec.name, version: playspec.version },
      owner,
      status: 'pending',
      machines,
      tasks: planTasks(manifest, conditions),
      conditions,
      error: null,
      lifetimeSeconds,
      expiresAt: expiryAfter(lifetimeSeconds, plane.now()),
      onExpiry: request.onExpiry ?? plane.lifetimes.onExpiry,
      operationId,
      createdAt: at,
      updatedAt: at,
      manifest,
      authorizedKeys: request.authorizedKeys,
      ramBytes,
      revision: 0,
    };
    await addPlayground(transaction, created);
    const command = { kind: 'playground.start', operationId, playground: orderOf(created) } as const;
    const subject = subjectOf(created);
    return {
      playground: created,
      operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
    };
  });
  crashPoint('start-committed');
  return { ...announce(plane, playground, operation), notes: [...notes] };
}
