import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeExecFrame, encodeExecFrame, type ExecFrame } from './exec-frame.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const size = fc.integer({ min: 1, max: 10_000 });
const frames: fc.Arbitrary<ExecFrame> = fc.oneof(
  fc.record({ kind: fc.constantFrom('input', 'stdout', 'stderr'), bytes }),
  fc.constant({ kind: 'inputEnd' } as const),
  fc.record({ kind: fc.constant('resize'), columns: size, rows: size }),
  fc.record({ kind: fc.constant('exit'), status: fc.integer({ min: 0, max: 255 }) }),
);

test('every frame arrives as it was sent', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const arrived = decodeExecFrame(encodeExecFrame(frame));
      expect(arrived !== null && 'bytes' in arrived ? plain(arrived) : arrived).toEqual(plain(frame));
    }),
  );
});

test('what is no frame is none, and harms nobody', () => {
  fc.assert(
    fc.property(bytes, (message) => {
      decodeExecFrame(Buffer.from(message));
    }),
  );
  const kinds = { resize: 4, exit: 5, unknown: 9 };
  for (const [byte, text] of [
    [kinds.resize, '{"columns":0,"rows":1}'],
    [kinds.resize, 'no JSON'],
    [kinds.exit, '{"status":256}'],
    [kinds.unknown, ''],
  ] as const)
    expect(decodeExecFrame(Buffer.concat([Buffer.of(byte), Buffer.from(text)]))).toBeNull();
  expect(decodeExecFrame(Buffer.of())).toBeNull();
});

function plain(frame: ExecFrame) {
  return 'bytes' in frame ? { ...frame, bytes: [...frame.bytes] } : frame;
}
