import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { loadKernelRecipes, loadSourceRecipes, parsePackageList } from './recipe.ts';

const images = fileURLToPath(new URL('../../../../images', import.meta.url));

test('the official sources can be baked: a suite, users, packages, an executable script', async () => {
  const recipes = await loadSourceRecipes(images);
  const debian = recipes.find(({ name }) => name === 'debian-12');
  expect(debian).toMatchObject({ suite: 'bookworm', users: ['root', 'laborant'] });
  expect(debian?.packages).toEqual(expect.arrayContaining(['systemd', 'openssh-server', 'sudo']));
  for (const { customize, packages } of recipes) {
    await access(customize, constants.X_OK);
    expect(new Set(packages).size).toBe(packages.length);
    for (const name of packages) expect(name).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
  }
});

test('the official kernels', async () => {
  expect(await loadKernelRecipes(images)).toContainEqual({
    name: '6.1',
    package: 'linux-image-cloud-amd64',
    suite: 'bookworm',
  });
});

test('a list of packages may be annotated', () => {
  expect(parsePackageList('# all\n\nsystemd   # init\nsudo curl\n  # none\n')).toEqual([
    'systemd',
    'sudo',
    'curl',
  ]);
  expect(parsePackageList('')).toEqual([]);
});

test('a recipe with a field that does not exist is refused', async () => {
  const directory = await temporaryDirectory();
  await mkdir(`${directory}/x`);
  await writeFile(
    `${directory}/x/recipe.json`,
    '{"description":"","suite":"sid","users":["root"],"user":"x"}',
  );
  await expect(loadSourceRecipes(directory)).rejects.toThrow('user');
});
