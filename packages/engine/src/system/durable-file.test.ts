import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import {
  isDiskFull,
  isMissing,
  readJson,
  readTextIfPresent,
  removeTree,
  writeDurably,
} from './durable-file.ts';

test('writes a file that only its owner can read, and nothing else', async () => {
  const directory = await temporaryDirectory();
  await writeDurably(`${directory}/a`, 'new');
  expect(await readFile(`${directory}/a`, 'utf8')).toBe('new');
  expect((await stat(`${directory}/a`)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['a']);
});

test('a crash before the rename leaves the old content, and the next write gets over the half-written one', async () => {
  const directory = await temporaryDirectory();
  await writeDurably(`${directory}/a`, 'old');
  // What a crash while writing leaves.
  await writeFile(`${directory}/a.new`, 'half of the ne');
  expect(await readFile(`${directory}/a`, 'utf8')).toBe('old');
  await writeDurably(`${directory}/a`, 'new');
  expect(await readFile(`${directory}/a`, 'utf8')).toBe('new');
  expect(await readdir(directory)).toEqual(['a']);
});

test('a write that fails leaves the old content', async () => {
  const directory = await temporaryDirectory();
  await writeDurably(`${directory}/a`, 'old');
  await mkdir(`${directory}/a.new`);
  await expect(writeDurably(`${directory}/a`, 'new')).rejects.toThrow('EISDIR');
  expect(await readFile(`${directory}/a`, 'utf8')).toBe('old');
});

test('a write that fails leaves nothing of itself', async () => {
  const directory = await temporaryDirectory();
  // A folder in its place lets the write come as far as the renaming.
  await mkdir(`${directory}/a`);
  await expect(writeDurably(`${directory}/a`, 'new')).rejects.toThrow('EISDIR');
  expect(await readdir(directory)).toEqual(['a']);
});

test('several may write a file at once: all succeed, and it has what the last gave', async () => {
  const directory = await temporaryDirectory();
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000 * (index % 3)));
  await Promise.all(contents.map(async (content) => await writeDurably(`${directory}/a`, content)));
  expect(await readFile(`${directory}/a`, 'utf8')).toBe(contents.at(-1));
  expect(await readdir(directory)).toEqual(['a']);
});

test('a reader sees the old or the new content while a file is written over and over', async () => {
  const directory = await temporaryDirectory();
  const contents = ['a'.repeat(50_000), 'b'.repeat(70_000)];
  await writeDurably(`${directory}/f`, contents[0] ?? '');
  const writer = (async () => {
    for (let round = 0; round < 10; round++) await writeDurably(`${directory}/f`, contents[round % 2] ?? '');
    return 'done';
  })();
  let seen = '';
  do {
    seen = await readFile(`${directory}/f`, 'utf8');
    expect(contents).toContain(seen);
  } while ((await Promise.race([writer, Promise.resolve('writing')])) !== 'done');
});

test('a missing file is null, an unreadable one an error', async () => {
  const directory = await temporaryDirectory();
  expect(await readJson(`${directory}/none.json`)).toBeNull();
  expect(await readTextIfPresent(`${directory}/none`)).toBeNull();
  await writeFile(`${directory}/broken.json`, '{');
  await expect(readJson(`${directory}/broken.json`)).rejects.toThrow(SyntaxError);
  await expect(readTextIfPresent(directory)).rejects.toThrow('EISDIR');
});

test('removing a tree is silent when there is none', async () => {
  const directory = await temporaryDirectory();
  await mkdir(`${directory}/tree/deep`, { recursive: true });
  await chmod(`${directory}/tree`, 0o700);
  await removeTree(`${directory}/tree`);
  await removeTree(`${directory}/tree`);
  expect(await readdir(directory)).toEqual([]);
});

test('tells missing files and full disks from other errors', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code });
  expect([isMissing(failure('ENOENT')), isMissing(failure('EACCES')), isMissing('ENOENT')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(['ENOSPC', 'EDQUOT', 'EIO'].map((code) => isDiskFull(failure(code)))).toEqual([true, true, false]);
});
