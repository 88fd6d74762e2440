import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
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
    expect(customize.length).toBeGreaterThan(0);
    for (const script of customize) await access(script, constants.X_OK);
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

test('a recipe begins with what its base has', async () => {
  const recipes = await loadSourceRecipes(images);
  const find = (name: string) => recipes.find((recipe) => recipe.name === name);
  expect(find('debian-13')).toMatchObject({ suite: 'trixie', packages: find('debian-12')?.packages });
  expect(find('docker')?.packages).toEqual(
    expect.arrayContaining(['systemd', 'docker.io', 'docker-compose']),
  );
  expect(find('docker')?.customize).toEqual([`${images}/debian-12/customize`, `${images}/docker/customize`]);
  expect(find('docker')).not.toHaveProperty('base');
});

test('a recipe that is its own base is refused', async () => {
  const directory = await temporaryDirectory();
  for (const [name, base] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    await mkdir(`${directory}/${name}`);
    const recipe = { description: '', suite: 'sid', users: ['root'], base };
    await writeFile(`${directory}/${name}/recipe.json`, JSON.stringify(recipe));
  }
  await expect(loadSourceRecipes(directory)).rejects.toThrow('its own base');
});

test('every official source can be built for a registry too, from the same lists and scripts', async () => {
  for (const { name, customize } of await loadSourceRecipes(images)) {
    const dockerfile = await readFile(`${images}/${name}/Dockerfile`, 'utf8');
    const own = customize.filter((script) => script.startsWith(`${images}/${name}/`));
    for (const script of own) expect(dockerfile).toContain(script.replace(`${images}/`, ''));
    expect(dockerfile).toContain('RUN /playhouse/install');
  }
});
