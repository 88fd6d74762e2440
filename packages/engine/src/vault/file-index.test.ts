import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkBytes, chunkCount } from '../chunks/chunk-size.ts';
import { decodeIndex, encodeIndex } from './file-index.ts';

const hex = fc.nat().map((seed) => createHash('sha256').update(String(seed)).digest('hex'));
const indexes = fc
  .tuple(fc.array(fc.option(hex), { maxLength: 50 }), fc.integer({ min: 1, max: chunkBytes }), hex)
  .map(([chunks, last, digest]) => ({
    sizeBytes: chunks.length === 0 ? 0 : (chunks.length - 1) * chunkBytes + last,
    digest: `sha256-4m:${digest}`,
    chunks,
  }));

test('an index is read as it was written', () => {
  fc.assert(
    fc.property(indexes, (index) => {
      expect(decodeIndex(encodeIndex(index))).toEqual(index);
    }),
  );
});

test('an index that is cut off, or has something behind it, is refused', () => {
  fc.assert(
    fc.property(indexes, fc.nat(), (index, place) => {
      const bytes = encodeIndex(index);
      expect(() => decodeIndex(bytes.subarray(0, place % bytes.byteLength))).toThrow(RangeError);
      expect(() => decodeIndex(Buffer.concat([bytes, Buffer.alloc(1 + (place % 40))]))).toThrow(RangeError);
    }),
  );
});

test('bytes of a stranger are refused or read, and never exhaust the memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const candidate of [bytes, Buffer.concat([encodeIndex(empty).subarray(0, 8), bytes])]) {
        expect(readOrRefuse(candidate)).toBeLessThan(10_000);
      }
    }),
  );
});

/** How many chunks it lists; 0 when it is refused. */
function readOrRefuse(bytes: Uint8Array): number {
  try {
    return decodeIndex(bytes).chunks.length;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

const empty = { sizeBytes: 0, digest: `sha256-4m:${'0'.repeat(64)}`, chunks: [] };

test.each([
  [0, 0],
  [1, 1],
  [chunkBytes, 1],
  [chunkBytes + 1, 2],
])('a file of %i bytes has %i chunks', (size, count) => {
  expect(chunkCount(size)).toBe(count);
});
