import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder, FrameType, MAX_PAYLOAD, encodeFrame } from './frames.ts';

const frame = fc.record({
  channel: fc.nat(0xffffffff),
  type: fc.constantFrom(...Object.values(FrameType)),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
  return [...chunks, bytes.subarray(at)];
}

test('frames come out as they went in, however the stream is chunked', () => {
  fc.assert(
    fc.property(
      fc.array(frame),
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }),
      (frames, sizes) => {
        const stream = Buffer.concat(
          frames.map(({ channel, type, payload }) => encodeFrame(channel, type, payload)),
        );
        const decoder = new FrameDecoder();
        expect(cut(stream, sizes).flatMap((chunk) => decoder.push(chunk))).toEqual(frames);
      },
    ),
  );
});

test('garbage between frames is skipped and every frame after it is found', () => {
  // No "P": garbage that starts like a frame may swallow the next one, which is what the resync of HELLO is for.
  const garbage = fc
    .uint8Array({ maxLength: 50 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x50)));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(garbage, frame)),
      fc.array(fc.integer({ min: 0, max: 40 })),
      (pairs, sizes) => {
        const stream = pairs.map(([noise, { channel, type, payload }]) =>
          Buffer.concat([noise, encodeFrame(channel, type, payload)]),
        );
        const decoder = new FrameDecoder();
        const found = cut(Buffer.concat(stream), sizes).flatMap((chunk) => decoder.push(chunk));
        expect(found).toEqual(pairs.map(([, sent]) => sent));
      },
    ),
  );
});

test('a header with an unknown type or an impossible length is garbage', () => {
  const wrongType = encodeFrame(1, FrameType.ok);
  wrongType.writeUInt8(0x7f, 8);
  const wrongLength = encodeFrame(1, FrameType.ok);
  wrongLength.writeUInt32LE(MAX_PAYLOAD + 1, 9);
  const good = encodeFrame(2, FrameType.ok);
  expect(new FrameDecoder().push(Buffer.concat([wrongType, wrongLength, good]))).toEqual([
    { channel: 2, type: FrameType.ok, payload: Buffer.alloc(0) },
  ]);
});

test('a payload beyond the limit is refused by the encoder', () => {
  expect(() => encodeFrame(1, FrameType.stdin, Buffer.alloc(MAX_PAYLOAD + 1))).toThrow(RangeError);
});
