import { expect, test } from 'vitest';
import { FrameType, HEADER_SIZE, MAX_PAYLOAD, encodeFrame } from './frames.ts';
import { ReadyFinder } from './ready-finder.ts';

const nonce = Buffer.from('0123456789abcdef');
const mebibyte = 1024 * 1024;

function ready(extra = ''): Buffer {
  return encodeFrame(0, FrameType.ready, Buffer.concat([nonce, Buffer.from(extra)]));
}

test('finds READY behind noise, byte by byte', () => {
  const finder = new ReadyFinder(nonce);
  const stream = Buffer.concat([Buffer.from('PHG1 noise'), nonce, Buffer.from('PHG'), ready('1\0boot')]);
  const found = [...stream].map((byte) => finder.push(Buffer.from([byte])));
  expect(found.findIndex(Boolean)).toBe(stream.length - 1);
  expect(found.at(-1)?.frame.payload.toString()).toBe(`${nonce.toString()}1\0boot`);
});

test('what follows READY is left to the decoder', () => {
  const next = encodeFrame(1, FrameType.ok);
  const found = new ReadyFinder(nonce).push(Buffer.concat([ready(), next.subarray(0, 5)]));
  expect(found?.decoder.push(next.subarray(5))).toMatchObject([{ channel: 1, type: FrameType.ok }]);
});

const oversized = ready();
oversized.writeUInt32LE(MAX_PAYLOAD + 1, 9);

test.each([
  ['the nonce alone', nonce],
  ['our own HELLO', encodeFrame(0, FrameType.hello, nonce)],
  ['READY that is longer than a frame can be', oversized],
  ['READY without a nonce', encodeFrame(0, FrameType.ready)],
])('20 MB of %s are neither an answer nor kept', (_, piece) => {
  const finder = new ReadyFinder(nonce);
  const chunk = Buffer.alloc(mebibyte, piece);
  for (let sent = 0; sent < 20; sent++) {
    expect(finder.push(chunk)).toBeUndefined();
    expect(finder.held).toBeLessThanOrEqual(HEADER_SIZE + MAX_PAYLOAD);
  }
});
