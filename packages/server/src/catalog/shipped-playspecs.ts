// The playspecs that come with Playhouse, one YAML file each. They are read when this module is loaded, because the server
// may not be able to read its checkout once it has dropped its privileges.
import { readFileSync } from 'node:fs';
import { everyones } from '@playhouse/contract/manifest/access-control';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { addPlayspec, addPlayspecVersion, findPlayspec, type NewVersion } from '../store/playspecs.ts';
import type { Store } from '../store/store.ts';
import { versionOf } from './version-of.ts';

const names = ['debian', 'docker', 'flexbox', 'nat-gateway', 'two-networks'] as const;

const shipped = names.map((name) =>
  readPlayspec(name, readFileSync(new URL(`playspecs/${name}.yaml`, import.meta.url), 'utf8')),
);

/**
 * Puts the shipped playspecs into the catalog; a changed text becomes a new version. Gives the names that were left out
 * because a user has a playspec of that name.
 */
export async function saveShippedPlayspecs(store: Store, at: string): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const playspec of shipped) {
    const saved = await store.transaction(async (transaction) => {
      const newest = await findPlayspec(transaction, playspec.name);
      if (newest === null) return addPlayspec(transaction, playspec, null, at);
      if (newest.owner !== null) return false;
      if (newest.manifest !== playspec.manifest) await addPlayspecVersion(transaction, playspec, at);
      return true;
    });
    if (!saved) taken.push(playspec.name);
  }
  return taken;
}

function readPlayspec(name: string, text: string): NewVersion {
  const { manifest, problems } = parseManifest(text, { file: `${name}.yaml`, purpose: 'part' });
  if (manifest === undefined)
    throw new Error(`the shipped playspec ${name} is wrong: ${JSON.stringify(problems)}`);
  return versionOf(name, manifest, text, everyones);
}
