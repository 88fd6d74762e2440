import type { ComposePlace } from '@playhouse/contract/compose/compose-origin';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { ownersOnly } from '@playhouse/contract/manifest/access-control';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Inventory } from '@playhouse/contract/link/report';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayspec, type StoredPlayspec } from '../store/playspecs.ts';
import { composeOf, takeFromRepository } from './compose-source.ts';
import { readBase, withoutAccess } from './compose-manifest.ts';
import { type ComposeDraft, draftComposeVersion } from './draft-compose.ts';
import { getPlayspec } from './get-playspec.ts';
import { playspecPlace } from './playspec-place.ts';
import { kindOf, requireSameKind } from './require-kind.ts';
import { draftVersion, type WrittenPlayspec } from './write-playspec.ts';

export interface CreateRequest {
  readonly name: string;
  /** `NAME` or `NAME@3`; a Compose file has none. */
  readonly base?: string | undefined;
  /** YAML text; without it the playspec is a copy of its base. */
  readonly manifest?: string | undefined;
  readonly manifestFile: string;
  /** Instead of a text: where the Compose file is. */
  readonly repository?: ComposePlace | undefined;
}

/**
 * Creates a playspec of the caller, from a base, which the caller may read (that was checked before), or from a Compose file, given
 * as a text or in a repository that the caller’s credentials open.
 * Nobody else may use it unless its manifest says so, whatever holds for the base.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown, playspec-exists, playspec-base-missing,
 * playspec-other-kind, playspec-sources, manifest-invalid, source-unknown, kernel-unknown, and what a repository says
 */
export async function createPlayspec(
  plane: ControlPlane,
  request: CreateRequest,
  { id, name: owner }: Caller,
): Promise<WrittenPlayspec> {
  const { name } = request;
  const { version, notes } = await draft(plane, request, id);
  const at = plane.now().toISOString();
  const playspec = await plane.store.transaction(async (transaction) => {
    const added = await addPlayspec(transaction, version, owner, at);
    if (!added) throw new PlayhouseError('playspec-exists', { name });
    return getPlayspec(transaction, name);
  });
  return { playspec, notes };
}

async function draft(plane: ControlPlane, request: CreateRequest, owner: string) {
  const { store, hostPolicy: policy } = plane;
  const { database } = store;
  const { name, manifest: text, repository } = request;
  if (repository !== undefined) {
    if (text !== undefined || request.base !== undefined)
      throw new PlayhouseError('playspec-sources', { name });
    const taken = await takeFromRepository(plane, repository, owner);
    const access: ComposeDraft['access'] = (written) => written ?? ownersOnly;
    return draftComposeVersion({ ...taken, name, base: null, before: null, policy, access });
  }
  const base = request.base === undefined ? null : await getPlayspec(database, request.base);
  const kind = text === undefined ? base?.kind : kindOf(text);
  if (base !== null && kind !== undefined) requireSameKind(base, kind);
  if (kind === 'compose') return draftComposeVersion({ ...composeDraft(request, base), policy });
  if (base === null) throw new PlayhouseError('playspec-base-missing', { name });
  return draftMachines(request, base, (await findInventory(database))?.inventory ?? null);
}

/** Who creates it: credentials are kept under the id. */
interface Caller {
  readonly id: string;
  readonly name: string;
}

/** A Compose file as it was given, or as the base has it. Who may use a copy is not what its base says. */
function composeDraft(
  { name, manifest, manifestFile }: CreateRequest,
  base: StoredPlayspec | null,
): Omit<ComposeDraft, 'policy'> {
  const draft = { name, base: base?.name ?? null, before: null };
  if (manifest === undefined && base !== null)
    return { ...draft, ...composeOf(base), origin: base.origin, access: () => ownersOnly };
  const text = { text: manifest ?? '', file: manifestFile, origin: null };
  return { ...draft, ...text, access: (written) => written ?? ownersOnly };
}

function draftMachines(
  { name, manifest: text, manifestFile }: CreateRequest,
  base: StoredPlayspec,
  inventory: Inventory | null,
) {
  const file = text === undefined ? playspecPlace(base.name) : manifestFile;
  return draftVersion({
    name,
    otherNames: [base.name],
    file,
    parsed:
      text === undefined
        ? parseManifest(base.manifest, { file, purpose: 'publish' })
        : parseManifest(text, { file, purpose: 'publish', base: withoutPage(readBase(base)) }),
    inventory,
    finish: (parsed) => {
      const manifest = text === undefined ? withoutAccess(parsed) : parsed;
      const { accessControl = ownersOnly } = manifest.playground;
      return { ...manifest, base: base.name, playground: { ...manifest.playground, accessControl } };
    },
  });
}

/** A base without what each playspec says of itself. */
function withoutPage(base: Manifest): Manifest {
  const { title: _t, description: _d, cover: _c, markdown: _m, ...rest } = withoutAccess(base);
  return rest;
}
