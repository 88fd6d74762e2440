// Gives an installation what was made once for all tests, as if it had been made there.
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { imageCache } from './locations.ts';
import { run } from './process.ts';

/** Of the official sources, those that tests boot. */
export const bakedForTests = ['debian-12', 'docker'] as const;
export type BakedForTests = (typeof bakedForTests)[number];

/** Copies kernels, the sources of these names, and what the engine knows of the host. */
export async function copyImages(state: string, sources: readonly BakedForTests[]): Promise<void> {
  // Nothing writes into a kernel's files: one that is made anew takes their place.
  const links = await run(['cp', '--archive', '--link', `${imageCache}/kernels`, `${state}/kernels`]);
  for (const folder of [...(links.code === 0 ? [] : ['kernels']), 'engine'])
    await copy(`${imageCache}/${folder}`, `${state}/${folder}`);
  await rm(`${state}/engine/installation.json`, { force: true });
  await mkdir(`${state}/sources`, { mode: 0o755 });
  for (const entry of await readdir(`${imageCache}/sources`)) {
    const [name = ''] = entry.split(/@|\.json$/);
    const unwanted = bakedForTests.some((each) => each === name && !sources.includes(each));
    if (!unwanted) await copy(`${imageCache}/sources/${entry}`, `${state}/sources/${entry}`);
  }
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
}
