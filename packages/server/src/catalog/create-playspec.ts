import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { ownersOnly } from '@playhouse/contract/manifest/access-control';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayspec } from '../store/playspecs.ts';
import { readBase, withoutAccess } from './compose-manifest.ts';
import { getPlayspec } from './get-playspec.ts';
import { draftVersion, type WrittenPlayspec } from './write-playspec.ts';

export interface CreateRequest {
  readonly name: string;
  /** `NAME` or `NAME@3`. */
  readonly base: string;
  /** YAML text; without it the playspec is a copy of its base. */
  readonly manifest?: string | undefined;
  readonly manifestFile: string;
}

/**
 * Creates a playspec of `owner` from a base, which the owner may read: that was checked before. Nobody else may use it
 * unless its manifest says so, whatever holds for the base.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown, playspec-exists, manifest-invalid, source-unknown,
 * kernel-unknown
 */
export async function createPlayspec(
  plane: ControlPlane,
  request: CreateRequest,
  owner: string,
): Promise<WrittenPlayspec> {
  const { database } = plane.store;
  const { name, manifest: text } = request;
  const base = await getPlayspec(database, request.base);
  const file = text === undefined ? `${base.name}.yaml` : request.manifestFile;
  const { version, notes } = draftVersion({
    name,
    otherNames: [base.name],
    file,
    parsed:
      text === undefined
        ? parseManifest(base.manifest, { file, purpose: 'publish' })
        : parseManifest(text, { file, purpose: 'publish', base: withoutPage(readBase(base)) }),
    inventory: (await findInventory(database))?.inventory ?? null,
    finish: (parsed) => {
      const manifest = text === undefined ? withoutAccess(parsed) : parsed;
      const { accessControl = ownersOnly } = manifest.playground;
      return { ...manifest, base: base.name, playground: { ...manifest.playground, accessControl } };
    },
  });
  const at = plane.now().toISOString();
  const playspec = await plane.store.transaction(async (transaction) => {
    const added = await addPlayspec(transaction, version, owner, at);
    if (!added) throw new PlayhouseError('playspec-exists', { name });
    return getPlayspec(transaction, name);
  });
  return { playspec, notes };
}

/** A base without what each playspec says of itself. */
function withoutPage(base: Manifest): Manifest {
  const { title: _t, description: _d, cover: _c, markdown: _m, ...rest } = withoutAccess(base);
  return rest;
}
