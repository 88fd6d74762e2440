import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectFile } from './direct-file.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp('/tmp/direct-file-')));
afterEach(async () => await rm(folder, { recursive: true }));

/** Whole pages, or memory that begins somewhere in one. */
function memory(bytes: number, from = 0): Uint8Array<SharedArrayBuffer> {
  const buffer = new SharedArrayBuffer(bytes + from, { maxByteLength: bytes + from });
  return new Uint8Array(buffer, from, bytes);
}

const cases: readonly (readonly [string, number, number, number])[] = [
  ['whole blocks on a block', 64 * 1024, 8192, 0],
  ['an end that is no whole block', 10_000, 4096, 0],
  ['less than a block', 100, 0, 0],
  ['a position within a block', 9000, 5000, 0],
  ['memory that begins within a page', 64 * 1024, 4096, 24],
];

test.each(cases)('%s is written as it was given', async (_, length, position, from) => {
  const bytes = memory(length, from);
  bytes.set(randomBytes(length));
  const path = `${folder}/file`;
  const file = await DirectFile.create(path, 100_000);
  await file.write(bytes, position);
  await file.finish();
  await file.close();
  const wanted = Buffer.alloc(100_000);
  wanted.set(bytes, position);
  expect((await readFile(path)).equals(wanted)).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o444);
});

test('a file that is there is left alone', async () => {
  const file = await DirectFile.create(`${folder}/file`, 1);
  await file.close();
  await expect(DirectFile.create(`${folder}/file`, 1)).rejects.toMatchObject({ code: 'EEXIST' });
});
