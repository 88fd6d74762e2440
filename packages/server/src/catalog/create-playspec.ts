import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { ownersOnly } from '@playhouse/contract/manifest/access-control';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Inventory } from '@playhouse/contract/link/report';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayspec, type StoredPlayspec } from '../store/playspecs.ts';
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
}

/**
 * Creates a playspec of `owner`, from a base, which the owner may read (that was checked before), or from a Compose file.
 * Nobody else may use it unless its manifest says so, whatever holds for the base.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown, playspec-exists, playspec-base-missing,
 * playspec-other-kind, manifest-invalid, source-unknown, kernel-unknown
 */
export async function createPlayspec(
  plane: ControlPlane,
  request: CreateRequest,
  owner: string,
): Promise<WrittenPlayspec> {
  const { name } = request;
  const { version, notes } = await draft(plane, request);
  const at = plane.now().toISOString();
  const playspec = await plane.store.transaction(async (transaction) => {
    const added = await addPlayspec(transaction, version, owner, at);
    if (!added) throw new PlayhouseError('playspec-exists', { name });
    return getPlayspec(transaction, name);
  });
  return { playspec, notes };
}

async function draft({ store: { database }, hostPolicy }: ControlPlane, request: CreateRequest) {
  const { name, manifest: text } = request;
  const base = request.base === undefined ? null : await getPlayspec(database, request.base);
  const kind = text === undefined ? base?.kind : kindOf(text);
  if (base !== null && kind !== undefined) requireSameKind(base, kind);
  if (kind === 'compose') return draftComposeVersion({ ...composeDraft(request, base), policy: hostPolicy });
  if (base === null) throw new PlayhouseError('playspec-base-missing', { name });
  return draftMachines(request, base, (await findInventory(database))?.inventory ?? null);
}

/** A Compose file as it was given, or as the base has it. Who may use a copy is not what its base says. */
function composeDraft(
  { name, manifest, manifestFile }: CreateRequest,
  base: StoredPlayspec | null,
): Omit<ComposeDraft, 'policy'> {
  const draft = { name, base: base?.name ?? null, before: null };
  return manifest === undefined
    ? {
        ...draft,
        text: base?.manifest ?? '',
        file: playspecPlace(base?.name ?? name),
        access: () => ownersOnly,
      }
    : { ...draft, text: manifest, file: manifestFile, access: (written) => written ?? ownersOnly };
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
