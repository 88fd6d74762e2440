import { isDeepStrictEqual } from 'node:util';
import type { ComposePlace } from '@playhouse/contract/compose/compose-origin';
import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Inventory } from '@playhouse/contract/link/report';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayspecVersion, type StoredPlayspec } from '../store/playspecs.ts';
import { type ComposeSource, placeOf, takeFromRepository } from './compose-source.ts';
import { draftComposeVersion } from './draft-compose.ts';
import { getPlayspec } from './get-playspec.ts';
import { kindOf, requireSameKind } from './require-kind.ts';
import { draftVersion, type WrittenPlayspec } from './write-playspec.ts';

export interface UpdateRequest {
  readonly name: string;
  /** YAML text of a whole manifest. */
  readonly manifest?: string | undefined;
  readonly manifestFile: string;
  /** Instead of a text: where the Compose file is. */
  readonly repository?: ComposePlace | undefined;
  /** Instead of both: what is now where it was taken from before. */
  readonly fromRepository: boolean;
}

/**
 * Makes the next version of a playspec, which the caller may change: that was checked before. The manifest replaces that
 * of the version before as a whole, but for who may use the playspec: leaving that out neither publishes nor hides it. The
 * same manifest again changes nothing, and neither does the same commit of a repository. `owner` is the id of the user whose
 * credentials open that.
 * @throws PlayhouseError playspec-unknown, playspec-other-kind, playspec-sources, playspec-no-origin, manifest-invalid,
 * source-unknown, kernel-unknown, and what a repository says
 */
export async function updatePlayspec(
  plane: ControlPlane,
  request: UpdateRequest,
  owner: string,
): Promise<WrittenPlayspec> {
  const { database } = plane.store;
  const { name } = request;
  const before = await getPlayspec(database, name);
  const source = await sourceOf(plane, request, before, owner);
  requireSameKind(before, kindOf(source.text));
  const inventory = (await findInventory(database))?.inventory ?? null;
  const { version, notes } =
    before.kind === 'compose'
      ? draftCompose(source, before, plane.hostPolicy)
      : draftMachines(source, before, inventory);
  const playspec = await plane.store.transaction(async (transaction) => {
    const newest = await getPlayspec(transaction, name);
    if (newest.manifest === version.manifest && isSamePlace(newest, source)) return newest;
    const number = await addPlayspecVersion(transaction, version, plane.now().toISOString());
    return getPlayspec(transaction, name, number);
  });
  return { playspec, notes };
}

/** @throws PlayhouseError playspec-sources, playspec-no-origin, and what a repository says */
async function sourceOf(
  plane: ControlPlane,
  { name, manifest: text, manifestFile: file, repository, fromRepository }: UpdateRequest,
  before: StoredPlayspec,
  owner: string,
): Promise<ComposeSource> {
  const given = [text, repository, fromRepository ? true : undefined].filter((each) => each !== undefined);
  if (given.length !== 1) throw new PlayhouseError('playspec-sources', { name });
  if (text !== undefined) return { text, file, origin: null };
  return await takeFromRepository(plane, repository ?? placeOf(before), owner);
}

/** A text that is the same says nothing about where it is from. */
function isSamePlace({ origin: before }: StoredPlayspec, { origin }: ComposeSource): boolean {
  return origin === null || isDeepStrictEqual(before, origin);
}

function draftCompose(source: ComposeSource, before: StoredPlayspec, policy: HostPolicy) {
  const { name, base, accessControl, manifest } = before;
  return draftComposeVersion({
    ...{ name, base, policy, before: manifest, ...source },
    access: (written) => written ?? accessControl,
  });
}

function draftMachines({ text, file }: ComposeSource, before: StoredPlayspec, inventory: Inventory | null) {
  const { name } = before;
  return draftVersion({
    name,
    otherNames: [],
    file,
    parsed: parseManifest(text, { file, purpose: 'publish' }),
    inventory,
    finish: (manifest) => {
      const { accessControl = before.accessControl } = manifest.playground;
      const base = manifest.base ?? before.base;
      const playground = { ...manifest.playground, accessControl };
      return { ...manifest, ...(base === null ? {} : { base }), playground };
    },
  });
}
