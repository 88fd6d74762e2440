import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type AccessControl, ownersOnly } from '@playhouse/contract/manifest/access-control';
import { formatManifest } from '@playhouse/contract/manifest/format-manifest';
import { type Manifest, manifestSchema } from '@playhouse/contract/manifest/manifest';
import type { Operation } from '@playhouse/contract/operation';
import { nameOf, type Principal } from '../auth/principal.ts';
import { requirePlayspec } from '../auth/require-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { announce, getPlayground, requireEngine, requireMachines } from '../operations/accepted.ts';
import { acceptCut, hasMemory, requireCuttable } from '../operations/cut-playground.ts';
import type { StoredPlayground, StoredStack } from '../store/playgrounds.ts';
import { referenceOf } from '../store/playspec-snapshots.ts';
import {
  addPlayspec,
  addPlayspecVersion,
  findPlayspec,
  type NewVersion,
  type SavedFrom,
  type StoredPlayspec,
} from '../store/playspecs.ts';
import { requireNoRollout } from '../operations/fork-services.ts';
import { draftComposeVersion } from './draft-compose.ts';
import { getPlayspec } from './get-playspec.ts';
import { requireSameKind } from './require-kind.ts';
import { versionOf } from './version-of.ts';

export interface SaveRequest {
  readonly name: string;
  readonly memory: boolean;
  /** Make the next version of a playspec that is there. */
  readonly update: boolean;
  readonly title?: string | undefined;
}

/** The shortest title that a manifest may have. */
const shortestTitle = 5;

/**
 * Saves a playground as a playspec: its version begins with a snapshot that is cut now. Until that has succeeded the version
 * cannot be started; if it fails, the version is gone again. A new playspec is the caller’s alone; a next version may be used
 * by those who may use the one before.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, playspec-exists, playspec-unknown,
 * playspec-shipped, playspec-other-kind, not-of-services, rollout-under-way, forbidden
 */
export async function savePlayspec(
  plane: ControlPlane,
  reference: string,
  request: SaveRequest,
  caller: Principal,
): Promise<{ readonly playspec: StoredPlayspec; readonly operation: Operation }> {
  const { database } = plane.store;
  const { name, update } = request;
  const { id } = await getPlayground(database, reference);
  requireEngine(plane);
  if (update) await requirePlayspec(database, caller, 'manage', name);
  const { source, playspec, operation } = await plane.store.transaction(async (transaction) => {
    const source = await getPlayground(transaction, id);
    if (request.memory) requireMachines(source, 'saved with memory');
    requireCuttable(source, 'saved');
    await requireNoRollout(transaction, source);
    const before = await findPlayspec(transaction, name);
    if (before !== null && update) requireSameKind(before, source.kind);
    const snapshotId = plane.newIdentifier();
    const memory = request.memory && hasMemory(source);
    const draft = {
      ...draftSaved(source, request, before?.accessControl ?? ownersOnly),
      saved: {
        ...{ snapshotId, memory, conditions: source.conditions },
        ...wishesOf(source.stack),
      },
    };
    const at = plane.now().toISOString();
    if (update) await addPlayspecVersion(transaction, draft, at);
    else if (!(await addPlayspec(transaction, draft, nameOf(caller), at)))
      throw new PlayhouseError('playspec-exists', { name });
    const added = await getPlayspec(transaction, name);
    const cut = { origin: 'save', memory, savedAs: referenceOf(added) } as const;
    return {
      source,
      operation: await acceptCut(plane, transaction, source, cut, snapshotId),
      playspec: added,
    };
  });
  crashPoint('save-committed');
  announce(plane, source, operation);
  return { playspec, operation };
}

/** The playground’s own manifest or Compose file, under the playspec’s name. */
function draftSaved(source: StoredPlayground, request: SaveRequest, access: AccessControl): NewVersion {
  const { manifest, stack } = source;
  const own = source.title.length >= shortestTitle ? source.title : manifest.title;
  const title = request.title ?? own;
  if (stack !== null) {
    const { compose, policy } = stack;
    const { origin = null, ...text } = compose;
    const file = { name: request.name, ...text, origin, base: null, policy };
    const { version } = draftComposeVersion({ ...file, before: null, access: () => access });
    return title === undefined ? version : { ...version, title };
  }
  const whole: Manifest = manifestSchema.parse({
    ...manifest,
    name: request.name,
    base: source.playspec.name,
    ...(title === undefined ? {} : { title }),
    playground: { ...manifest.playground, accessControl: access },
  });
  return versionOf(request.name, whole, formatManifest(whole));
}

/** Without subdomains: each playground that is started from it has addresses of its own. */
function wishesOf(stack: StoredStack | null): Pick<SavedFrom, 'services' | 'profiles'> {
  if (stack === null) return {};
  const wishes = Object.entries(stack.services);
  return {
    services: Object.fromEntries(wishes.map(([name, { subdomain: _chosen, ...wish }]) => [name, wish])),
    profiles: stack.profiles ?? [],
  };
}
