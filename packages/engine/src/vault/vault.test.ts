import { createHash } from 'node:crypto';
import { copyFile, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { chunkBytes } from '../chunks/chunk-size.ts';
import { runOrFail } from '../system/run.ts';
import { DirectoryDriver } from './directory-driver.ts';
import { objectKeys } from './object-keys.ts';
import { makeFile, makeVault } from './testing/vault-fixture.ts';

// They move megabytes through worker threads, which takes long where other work has the processors.
vi.setConfig({ testTimeout: 60_000 });

const inFolder = (folder: string) => new DirectoryDriver(`${folder}/vault`);

/** As an operator would check it. */
async function digestOf(path: string): Promise<string> {
  const line = 'split -b 4M --filter=sha256sum "$1" | sha256sum';
  const { stdout } = await runOrFail(['sh', '-c', line, 'sh', path]);
  return `sha256-4m:${stdout.slice(0, 64)}`;
}

test('a file comes back byte for byte, read-only, with the digest that `split` and `sha256sum` give', async () => {
  const { vault, folder, another } = await makeVault(inFolder);
  await makeFile(
    `${folder}/file`,
    [
      ['random', 2],
      ['text', 3],
      ['zeros', 2],
      ['random', 1],
    ],
    12_345,
  );
  const digest = await digestOf(`${folder}/file`);
  const stored = await vault.store(`${folder}/file`, { name: 'layer-1' });
  expect(stored).toMatchObject({ digest, sizeBytes: 8 * chunkBytes + 12_345 });
  expect(stored.sentBytes).toBeGreaterThan(3 * chunkBytes);
  expect(stored.sentBytes).toBeLessThan(3.1 * chunkBytes);
  const restored = await another().restore('layer-1', `${folder}/back`);
  expect(restored).toEqual({ digest, sizeBytes: stored.sizeBytes });
  expect(await digestOf(`${folder}/back`)).toBe(digest);
  expect((await stat(`${folder}/back`)).mode & 0o777).toBe(0o444);
  expect(await vault.verify('layer-1')).toEqual(restored);
  expect(await vault.verify('layer-1', { sample: 3 })).toEqual(restored);
  expect(await vault.find('layer-1')).toEqual(restored);
});

test.each([0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1])(
  'a file of %i bytes comes back',
  async (size) => {
    const { vault, folder } = await makeVault();
    await writeFile(`${folder}/file`, Buffer.alloc(size, 7));
    const { digest } = await vault.store(`${folder}/file`, { name: 'small' });
    await vault.restore('small', `${folder}/back`);
    expect(await digestOf(`${folder}/back`)).toBe(digest);
    expect(await digestOf(`${folder}/file`)).toBe(digest);
  },
);

test('holes and zeros cost nothing, neither in the vault nor where they come back', async () => {
  const { vault, folder } = await makeVault();
  await makeFile(`${folder}/memory`, [
    ['hole', 20],
    ['text', 1],
    ['zeros', 4],
    ['hole', 30],
  ]);
  const { sentBytes, sizeBytes, digest } = await vault.store(`${folder}/memory`, { name: 'memory' });
  expect(sizeBytes).toBe(55 * chunkBytes);
  expect(sentBytes).toBeLessThan(chunkBytes / 10);
  await vault.restore('memory', `${folder}/back`);
  expect(await digestOf(`${folder}/back`)).toBe(digest);
  expect((await stat(`${folder}/back`)).blocks * 512).toBeLessThan(2 * chunkBytes);
});

test('only what the vault lacks is sent', async () => {
  const { vault, folder } = await makeVault();
  await makeFile(`${folder}/file`, [['random', 4]]);
  await vault.store(`${folder}/file`, { name: 'first' });
  expect(await vault.store(`${folder}/file`, { name: 'again' })).toMatchObject({ sentBytes: 0 });
  const file = await open(`${folder}/file`, 'r+');
  await file.write(Buffer.from('changed'), 0, 7, 2 * chunkBytes + 100);
  await file.close();
  const { sentBytes } = await vault.store(`${folder}/file`, { name: 'second' });
  expect(sentBytes).toBeGreaterThan(chunkBytes / 2);
  expect(sentBytes).toBeLessThan(1.1 * chunkBytes);
});

test('progress ends at the size of the file, and a cancelled store or restore leaves nothing half-done', async () => {
  const { vault, folder } = await makeVault();
  await makeFile(`${folder}/file`, [
    ['random', 6],
    ['hole', 3],
  ]);
  let last: readonly number[] = [];
  await vault.store(`${folder}/file`, { name: 'file', progress: (...seen) => (last = seen) });
  expect(last).toEqual([9 * chunkBytes, 9 * chunkBytes]);
  const stop = new AbortController();
  const progress = () => stop.abort();
  await expect(
    vault.store(`${folder}/file`, { name: 'other', sendAll: true, signal: stop.signal, progress }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  expect(await vault.find('other')).toBeNull();
  await expect(vault.restore('file', `${folder}/back`, { signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('back'))).toEqual([]);
});

test('several files are stored and restored at the same time', async () => {
  const { vault, folder } = await makeVault();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names)
    await makeFile(
      `${folder}/${name}`,
      [
        ['random', 2],
        ['hole', 1],
        ['text', 2],
      ],
      99,
    );
  const stored = await Promise.all(
    names.map(async (name) => await vault.store(`${folder}/${name}`, { name })),
  );
  const restored = await Promise.all(
    [...names, ...names].map(async (name) => await vault.restore(name, `${folder}/${name}.back`)),
  );
  expect(restored.map(({ digest }) => digest)).toEqual([...stored, ...stored].map(({ digest }) => digest));
  for (const [at, name] of names.entries())
    expect(await digestOf(`${folder}/${name}.back`)).toBe(stored[at]?.digest);
});

test('a file that is not there is told on either side', async () => {
  const { vault, folder } = await makeVault();
  await expect(vault.store(`${folder}/none`, { name: 'none' })).rejects.toMatchObject({
    code: 'file-unreadable',
  });
  await expect(vault.restore('none', `${folder}/back`)).rejects.toMatchObject({
    code: 'vault-object-missing',
    message: expect.stringContaining('`none`'),
  });
});

test('records are kept, listed by prefix, replaced and removed', async () => {
  const { vault, another } = await makeVault();
  expect(await vault.getRecord('snapshots/a')).toBeNull();
  await vault.putRecord('snapshots/a', { machines: [1] });
  await vault.putRecord('snapshots/a', { machines: [1, 2] });
  await vault.putRecord('snapshots/b', null);
  await vault.putRecord('playspecs/c', 'text');
  expect(await another().getRecord('snapshots/a')).toEqual({ machines: [1, 2] });
  expect((await Array.fromAsync(vault.listRecords('snapshots/'))).toSorted()).toEqual([
    'snapshots/a',
    'snapshots/b',
  ]);
  await vault.removeRecord('snapshots/a');
  await vault.removeRecord('snapshots/a');
  expect(await Array.fromAsync(vault.listRecords('snapshots/'))).toEqual(['snapshots/b']);
});

test('neither contents nor records can be read in the storage, and names of chunks are no digests', async () => {
  const { vault, folder } = await makeVault(inFolder);
  await writeFile(`${folder}/file`, Buffer.alloc(1000, 'secret words '));
  await vault.store(`${folder}/file`, { name: 'file' });
  await vault.putRecord('record', { password: 'secret words' });
  const names = await readdir(`${folder}/vault`, { recursive: true, withFileTypes: true });
  const plain = createHash('sha256').update(Buffer.alloc(1000, 'secret words ')).digest('hex');
  for (const entry of names.filter((found) => found.isFile())) {
    expect(entry.name).not.toBe(plain);
    expect((await readFile(`${entry.parentPath}/${entry.name}`)).includes('secret')).toBe(false);
  }
});

test('another key is told as such, before anything is read or written', async () => {
  const { vault, folder, another } = await makeVault();
  await vault.putRecord('record', 1);
  await copyFile(`${folder}/vault.key`, `${folder}/kept.key`);
  await rm(`${folder}/vault.key`);
  // A lost key is no reason to make another.
  await expect(another().check()).rejects.toMatchObject({ code: 'vault-key-wrong' });
  expect(await readdir(folder)).not.toContain('vault.key');
  await writeFile(`${folder}/vault.key`, `${'ab'.repeat(32)}\n`);
  for (const action of ['check', 'collect'] as const) {
    await expect(another()[action]()).rejects.toMatchObject({
      code: 'vault-key-wrong',
      message: expect.stringContaining(`${folder}/vault.key`),
    });
  }
  expect(await another(undefined, `${folder}/kept.key`).getRecord('record')).toBe(1);
});

test('a marker that is damaged or lost is not taken for a wrong key or an empty vault', async () => {
  const { vault, driver, another } = await makeVault();
  await vault.putRecord('record', 1);
  const whole = await driver.get(objectKeys.marker);
  for (const at of [3, 40, (whole?.byteLength ?? 0) - 1]) {
    const hurt = Buffer.from(whole ?? []);
    hurt[at] = (hurt[at] ?? 0) ^ 1;
    await driver.put(objectKeys.marker, hurt);
    await expect(another().check()).rejects.toMatchObject({ code: 'vault-corrupt' });
  }
  await driver.remove(objectKeys.marker);
  await expect(another().check()).rejects.toMatchObject({
    code: 'vault-corrupt',
    message: expect.stringContaining('playhouse-vault'),
  });
});
