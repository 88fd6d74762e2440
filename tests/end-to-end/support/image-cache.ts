// One baked source and the official kernels for all end-to-end tests: making them takes a minute, and no test changes what it
// gets. Kernels follow a change of the guest's sources in a moment, as on a playroom that is upgraded.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import { loadKernelRecipes } from '../../../packages/engine/src/images/recipe.ts';
import { KernelInstaller } from '../../../packages/engine/src/kernels/kernel-installer.ts';
import { KernelStore } from '../../../packages/engine/src/kernels/kernel-store.ts';
import { digestGuest } from '../../../packages/engine/src/kernels/stage-kernel.ts';
import { quietVoice } from '../../../packages/engine/src/operations/step.ts';
import { Installation } from './installation.ts';
import { imageCache, repository } from './locations.ts';

/** Makes the images unless they are there and were made from the present recipes and guest sources. */
export async function prepareImages(): Promise<void> {
  const stamp = `${imageCache}/made-from-${await recipeDigest()}`;
  if (!existsSync(stamp)) await rm(imageCache, { recursive: true, force: true });
  await mkdir(`${imageCache}/kernels`, { recursive: true });
  const { signal } = new AbortController();
  const { installer, names } = await kernelCache();
  await installer.refresh(() => {});
  await installer.ensure(
    defaultKernel,
    quietVoice(() => {}, signal),
  );
  await Promise.all([
    existsSync(stamp) ? null : bakeSource(),
    ...names.map(
      async (name) =>
        await installer.ensure(
          name,
          quietVoice(() => {}, signal),
        ),
    ),
  ]);
  await writeFile(stamp, '');
}

/** Installs into the cache as an engine does into its state directory. */
async function kernelCache() {
  const recipes = await loadKernelRecipes(`${repository}/images`);
  const guestDirectory = `${repository}/guest`;
  const store = new KernelStore(`${imageCache}/kernels`, recipes, await digestGuest(guestDirectory));
  return {
    installer: new KernelInstaller({ store, guestDirectory }),
    names: recipes.map(({ name }) => name),
  };
}

async function bakeSource(): Promise<void> {
  await using installation = await Installation.create({ images: false, hostNetwork: true });
  await copy(`${imageCache}/kernels/${defaultKernel}`, `${installation.state}/kernels/${defaultKernel}`);
  await installation.startServer();
  await installation.startEngine();
  const client = await installation.client();
  const { operation } = await client('source.bake', { parameters: { name: 'debian-12' } });
  const ended = await installation.ended(operation.id, 900_000);
  if (ended.status !== 'succeeded')
    throw new Error(`the source could not be baked: ${JSON.stringify(ended.error)}`);
  await installation.engine?.kill();
  for (const folder of ['sources', 'engine'])
    await copy(`${installation.state}/${folder}`, `${imageCache}/${folder}`);
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
}

async function recipeDigest(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(`${repository}/images`, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  );
  for (const { parentPath, name } of names.toSorted((a, b) =>
    `${a.parentPath}/${a.name}`.localeCompare(`${b.parentPath}/${b.name}`),
  )) {
    hash.update(name).update(await readFile(`${parentPath}/${name}`));
  }
  return hash.digest('hex').slice(0, 16);
}
