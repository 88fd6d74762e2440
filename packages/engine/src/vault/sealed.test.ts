import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SealBroken, seal, sealingBytes, unseal } from './sealed.ts';

const key = randomBytes(32);
const limit = 1 << 20;
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.tuple(fc.nat(255), fc.nat(200_000)).map(([value, length]) => new Uint8Array(length).fill(value)),
);

test('what was sealed is opened again, whatever it is', () => {
  fc.assert(
    fc.property(contents, (content) => {
      expect(Buffer.from(unseal(seal(content, key, 'a/b'), key, 'a/b', limit)).equals(content)).toBe(true);
    }),
  );
});

test('content that does not compress grows by a few bytes, and other content shrinks', () => {
  expect(seal(randomBytes(100_000), key, 'a').byteLength).toBe(100_000 + sealingBytes);
  expect(seal(new Uint8Array(100_000), key, 'a').byteLength).toBeLessThan(200);
});

test('a flipped bit anywhere is found out', () => {
  fc.assert(
    fc.property(contents, fc.nat(), fc.nat(7), (content, place, bit) => {
      const sealed = seal(content, key, 'a/b');
      const at = place % sealed.byteLength;
      sealed[at] = (sealed[at] ?? 0) ^ (1 << bit);
      expect(() => unseal(sealed, key, 'a/b', limit)).toThrow(SealBroken);
    }),
  );
});

test('an object cut off anywhere is found out', () => {
  fc.assert(
    fc.property(contents, fc.nat(), (content, place) => {
      const sealed = seal(content, key, 'a/b');
      expect(() => unseal(sealed.subarray(0, place % sealed.byteLength), key, 'a/b', limit)).toThrow(
        SealBroken,
      );
    }),
  );
});

test('an object under the name of another, or with another key, is not opened', () => {
  const sealed = seal(Buffer.from('content'), key, 'a/b');
  expect(() => unseal(sealed, key, 'a/c', limit)).toThrow(/swapped/);
  expect(() => unseal(sealed, randomBytes(32), 'a/b', limit)).toThrow(SealBroken);
});

test('the same content is never sealed into the same bytes', () => {
  expect(seal(Buffer.from('x'), key, 'a')).not.toEqual(seal(Buffer.from('x'), key, 'a'));
});
