// The playspecs that come with Playhouse, one YAML file each. They are read when this module is loaded, because the server
// may not be able to read its checkout once it has dropped its privileges.
import { readFileSync } from 'node:fs';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Database } from '../store/schema.ts';
import { type StoredPlayspec, savePlayspec } from '../store/playspecs.ts';

const names = ['debian', 'flexbox'] as const;

const shipped = names.map((name) =>
  readPlayspec(name, readFileSync(new URL(`playspecs/${name}.yaml`, import.meta.url), 'utf8')),
);

/** Puts the shipped playspecs into the catalog; a changed text becomes a new version. */
export async function saveShippedPlayspecs(database: Database, at: string): Promise<void> {
  for (const playspec of shipped) await savePlayspec(database, playspec, at);
}

function readPlayspec(name: string, text: string): Omit<StoredPlayspec, 'version'> {
  const { manifest, problems } = parseManifest(text, { file: `${name}.yaml`, purpose: 'part' });
  if (manifest === undefined)
    throw new Error(`the shipped playspec ${name} is wrong: ${JSON.stringify(problems)}`);
  return {
    name,
    title: manifest.title ?? name,
    description: manifest.description ?? '',
    categories: [...(manifest.categories ?? [])],
    flexible: (manifest.playground.machines ?? []).length === 0,
    manifest: text,
  };
}
