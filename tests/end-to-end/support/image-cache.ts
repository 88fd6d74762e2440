// Baked sources and the official kernels for all end-to-end tests: making them takes minutes, and no test changes what it
// gets. Kernels follow a change of the guest's sources in a moment, as on a playroom that is upgraded.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import { loadKernelRecipes, loadSourceRecipes } from '../../../packages/engine/src/images/recipe.ts';
import { KernelInstaller } from '../../../packages/engine/src/kernels/kernel-installer.ts';
import { KernelStore } from '../../../packages/engine/src/kernels/kernel-store.ts';
import { digestFolder } from '../../../packages/engine/src/system/build-program.ts';
import { quietVoice } from '../../../packages/engine/src/operations/step.ts';
import { bakedForTests } from './copy-images.ts';
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
    existsSync(stamp) ? null : bakeSources(),
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
  const store = new KernelStore(`${imageCache}/kernels`, recipes, await digestFolder(guestDirectory));
  return {
    installer: new KernelInstaller({ store, guestDirectory }),
    names: recipes.map(({ name }) => name),
  };
}

async function bakeSources(): Promise<void> {
  await using installation = await Installation.create({ images: false, hostNetwork: true });
  await copy(`${imageCache}/kernels/${defaultKernel}`, `${installation.state}/kernels/${defaultKernel}`);
  await installation.startServer();
  await installation.startEngine();
  const client = await installation.client();
  for (const name of bakedForTests) {
    const { operation } = await client('source.bake', { parameters: { name } });
    const ended = await installation.ended(operation.id, 900_000);
    if (ended.status !== 'succeeded')
      throw new Error(`${name} could not be baked: ${JSON.stringify(ended.error)}`);
  }
  await installation.engine?.kill();
  for (const folder of ['sources', 'engine'])
    await copy(`${installation.state}/${folder}`, `${imageCache}/${folder}`);
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
}

/** Changes with what the images are made of, and with nothing else: other recipes may change without a bake. */
async function recipeDigest(): Promise<string> {
  const hash = createHash('sha256');
  const folder = `${repository}/images`;
  for (const { name, suite, packages, customize } of await loadSourceRecipes(folder)) {
    if (!(bakedForTests as readonly string[]).includes(name)) continue;
    hash.update(JSON.stringify({ name, suite, packages }));
    for (const script of customize) hash.update(await readFile(script));
  }
  hash.update(JSON.stringify(await loadKernelRecipes(folder)));
  return hash.digest('hex').slice(0, 16);
}
