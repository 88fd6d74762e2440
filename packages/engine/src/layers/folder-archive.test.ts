import { lstat, lutimes, mkdir, open, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { copyFolder, packFolder, unpackFolder } from './folder-archive.ts';

const work = { signal: new AbortController().signal };
const mebibyte = 2 ** 20;

/** A folder as a container may leave it: a link to a file of the host, a file that is mostly a hole. */
async function folderIn(root: string, name: string): Promise<string> {
  const folder = `${root}/${name}`;
  await mkdir(`${folder}/inner`, { recursive: true, mode: 0o750 });
  await writeFile(`${folder}/inner/file`, 'content', { mode: 0o640 });
  await symlink('/etc/passwd', `${folder}/link`);
  const file = await open(`${folder}/sparse`, 'w');
  await file.write('x', 8 * mebibyte);
  await file.close();
  for (const path of ['inner/file', 'sparse', 'link', 'inner', '.']) await lutimes(`${folder}/${path}`, 1, 1);
  return folder;
}

async function expectSame(copy: string): Promise<void> {
  expect(await readFile(`${copy}/inner/file`, 'utf8')).toBe('content');
  expect((await stat(`${copy}/inner/file`)).mode & 0o777).toBe(0o640);
  expect((await stat(copy)).mode & 0o777).toBe(0o750);
  expect((await lstat(`${copy}/link`)).isSymbolicLink()).toBe(true);
  expect(await readlink(`${copy}/link`)).toBe('/etc/passwd');
  const { size, blocks } = await stat(`${copy}/sparse`);
  expect([size, blocks < 100]).toEqual([8 * mebibyte + 1, true]);
}

test('an archive has what the folder has, and replaces what was there', async () => {
  const root = await temporaryDirectory();
  const folder = await folderIn(root, 'folder');
  await packFolder(folder, `${root}/archive`, work);
  expect((await stat(`${root}/archive`)).size).toBeLessThan(mebibyte);
  await mkdir(`${root}/copy`);
  await writeFile(`${root}/copy/former`, '');
  await unpackFolder(`${root}/archive`, `${root}/copy`, work);
  await expectSame(`${root}/copy`);
  await expect(stat(`${root}/copy/former`)).rejects.toThrow('ENOENT');
});

test('the same folder gives the same archive, whenever and wherever it is', async () => {
  const root = await temporaryDirectory();
  for (const name of ['one', 'two'])
    await packFolder(await folderIn(root, name), `${root}/${name}.tar`, work);
  expect(await readFile(`${root}/one.tar`)).toEqual(await readFile(`${root}/two.tar`));
  await readFile(`${root}/one/inner/file`);
  await packFolder(`${root}/one`, `${root}/again.tar`, work);
  expect(await readFile(`${root}/again.tar`)).toEqual(await readFile(`${root}/one.tar`));
});

test('a copy is the same folder', async () => {
  const root = await temporaryDirectory();
  const folder = await folderIn(root, 'folder');
  await mkdir(`${root}/copy/former`, { recursive: true });
  await copyFolder(folder, `${root}/copy`, { ...work, reflink: 'auto' });
  await expectSame(`${root}/copy`);
});

test('what goes wrong says why, and a full disk says that', async () => {
  const root = await temporaryDirectory();
  await expect(packFolder(`${root}/none`, `${root}/archive`, work)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('No such file') as string,
  });
  const run = async () => ({ exitCode: 2, stdout: '', stderr: 'tar: write error: No space left on device' });
  await expect(packFolder(root, '/dev/full', { ...work, run })).rejects.toMatchObject({ code: 'disk-full' });
});
