import { open, truncate, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { digestOfChunks } from './chunk-digest.ts';
import { chunkBytes } from './chunk-size.ts';
import { ChunkThreads } from './chunk-threads.ts';
import { readChunks } from './read-chunks.ts';

function makeThreads(slots?: number): ChunkThreads {
  const threads = new ChunkThreads(slots);
  onTestFinished(async () => await threads.close());
  return threads;
}

test('a hole has the digest of the zeros that it stands for, and only what is no zeros is visited', async () => {
  const folder = await temporaryDirectory();
  const [sparse, written] = [`${folder}/sparse`, `${folder}/written`];
  const last = Buffer.alloc(100, 7);
  await writeFile(written, Buffer.concat([Buffer.alloc(3 * chunkBytes), last]));
  const file = await open(sparse, 'w');
  await file.write(last, 0, last.byteLength, 3 * chunkBytes);
  await file.close();
  const threads = makeThreads();
  const visited: number[] = [];
  const visit = async (bytes: Uint8Array, { index }: { index: number }) => {
    visited.push(index);
    expect(Buffer.from(bytes).equals(last)).toBe(true);
  };
  const read = await readChunks(sparse, threads, { visit });
  expect(visited).toEqual([3]);
  expect(await readChunks(written, threads)).toEqual(read);
  await truncate(sparse, 2 * chunkBytes + 1);
  const zeros = await readChunks(sparse, threads);
  expect(zeros.digest).toBe(digestOfChunks(2 * chunkBytes + 1, [null, null, null]));
  expect(zeros.digest).not.toBe(digestOfChunks(2 * chunkBytes + 2, [null, null, null]));
});

test('whoever cannot take a chunk ends the reading, and leaves the memory to others', async () => {
  const folder = await temporaryDirectory();
  await writeFile(`${folder}/file`, Buffer.alloc(5 * chunkBytes, 1));
  const threads = makeThreads(1);
  const visit = async () => await Promise.reject(new Error('no room'));
  await expect(readChunks(`${folder}/file`, threads, { visit })).rejects.toThrow('no room');
  await expect(readChunks(`${folder}/none`, threads)).rejects.toMatchObject({ code: 'file-unreadable' });
  let done = 0;
  const progress = (bytes: number) => (done = bytes);
  await readChunks(`${folder}/file`, threads, { progress });
  expect(done).toBe(5 * chunkBytes);
});
