// One baked source and kernel for all end-to-end tests: baking takes a minute, and no test changes what it gets.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Installation } from './installation.ts';
import { imageCache, repository } from './locations.ts';

/** Bakes the images unless they are there and were made from the present recipes and guest sources. */
export async function prepareImages(): Promise<void> {
  const stamp = `${imageCache}/made-from-${await recipeDigest()}`;
  if (existsSync(stamp)) return;
  await rm(imageCache, { recursive: true, force: true });
  await mkdir(imageCache, { recursive: true });
  await using installation = await Installation.running({ images: false, hostNetwork: true });
  const client = await installation.client();
  const { operation } = await client('source.bake', { parameters: { name: 'debian-12' } });
  const ended = await installation.ended(operation.id, 900_000);
  if (ended.status !== 'succeeded')
    throw new Error(`the source could not be baked: ${JSON.stringify(ended.error)}`);
  await installation.engine?.kill();
  for (const folder of ['kernels', 'sources', 'engine']) {
    await cp(`${installation.state}/${folder}`, `${imageCache}/${folder}`, {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  await writeFile(stamp, '');
}

async function recipeDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['images', 'guest']) {
    const names = (await readdir(`${repository}/${folder}`, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    for (const { parentPath, name } of names.toSorted((a, b) =>
      `${a.parentPath}/${a.name}`.localeCompare(`${b.parentPath}/${b.name}`),
    )) {
      hash.update(name).update(await readFile(`${parentPath}/${name}`));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
