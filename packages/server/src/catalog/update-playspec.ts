import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Inventory } from '@playhouse/contract/link/report';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { addPlayspecVersion, type StoredPlayspec } from '../store/playspecs.ts';
import { draftComposeVersion } from './draft-compose.ts';
import { getPlayspec } from './get-playspec.ts';
import { kindOf, requireSameKind } from './require-kind.ts';
import { draftVersion, type WrittenPlayspec } from './write-playspec.ts';

export interface UpdateRequest {
  readonly name: string;
  /** YAML text of a whole manifest. */
  readonly manifest: string;
  readonly manifestFile: string;
}

/**
 * Makes the next version of a playspec, which the caller may change: that was checked before. The manifest replaces that
 * of the version before as a whole, but for who may use the playspec: leaving that out neither publishes nor hides it. The
 * same manifest again changes nothing.
 * @throws PlayhouseError playspec-unknown, playspec-other-kind, manifest-invalid, source-unknown, kernel-unknown
 */
export async function updatePlayspec(plane: ControlPlane, request: UpdateRequest): Promise<WrittenPlayspec> {
  const { database } = plane.store;
  const { name } = request;
  const before = await getPlayspec(database, name);
  requireSameKind(before, kindOf(request.manifest));
  const inventory = (await findInventory(database))?.inventory ?? null;
  const { version, notes } =
    before.kind === 'compose'
      ? draftCompose(request, before, plane.hostPolicy)
      : draftMachines(request, before, inventory);
  const playspec = await plane.store.transaction(async (transaction) => {
    const newest = await getPlayspec(transaction, name);
    if (newest.manifest === version.manifest) return newest;
    const number = await addPlayspecVersion(transaction, version, plane.now().toISOString());
    return getPlayspec(transaction, name, number);
  });
  return { playspec, notes };
}

function draftCompose(request: UpdateRequest, before: StoredPlayspec, policy: HostPolicy) {
  const { name, manifest: text, manifestFile: file } = request;
  const { base, accessControl, manifest } = before;
  return draftComposeVersion({
    name,
    text,
    file,
    base,
    before: manifest,
    policy,
    access: (written) => written ?? accessControl,
  });
}

function draftMachines(request: UpdateRequest, before: StoredPlayspec, inventory: Inventory | null) {
  const { name, manifestFile: file } = request;
  return draftVersion({
    name,
    otherNames: [],
    file,
    parsed: parseManifest(request.manifest, { file, purpose: 'publish' }),
    inventory,
    finish: (manifest) => {
      const { accessControl = before.accessControl } = manifest.playground;
      const base = manifest.base ?? before.base;
      const playground = { ...manifest.playground, accessControl };
      return { ...manifest, ...(base === null ? {} : { base }), playground };
    },
  });
}
