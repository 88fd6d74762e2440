import { array, assert, integer, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { TailBuffer } from './tail-buffer.ts';

test('the end of a stream is kept, however it came in pieces', () => {
  assert(
    property(
      array(uint8Array({ maxLength: 20, max: 127 })),
      integer({ min: 1, max: 30 }),
      (pieces, limit) => {
        const tail = new TailBuffer(limit);
        for (const piece of pieces) tail.add(Buffer.from(piece));
        expect(tail.text()).toBe(Buffer.concat(pieces).subarray(-limit).toString());
      },
    ),
  );
});
