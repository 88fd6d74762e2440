import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLog, type RawLine } from './decode-log.ts';

const at = (nanoseconds: number) => `2026-01-31T12:00:00.${String(nanoseconds).padStart(9, '0')}Z`;

/** A frame of Docker. */
function frame(text: string | Buffer, stream: RawLine['stream'] = 'stdout'): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stderr' ? 2 : 1;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** The bytes in pieces, as a socket gives them. */
async function* pieces(bytes: Buffer, sizes: readonly number[] = []): AsyncGenerator<Buffer> {
  let begin = 0;
  for (const size of sizes) yield bytes.subarray(begin, (begin += size));
  if (begin < bytes.length) yield bytes.subarray(begin);
}

async function decode(bytes: Buffer, options: { tty?: boolean; keepBytes?: number; sizes?: number[] } = {}) {
  const { tty = false, keepBytes = 100_000, sizes = [] } = options;
  const lines: string[] = [];
  for await (const line of decodeLog(pieces(bytes, sizes), { tty, keepBytes }))
    lines.push(`${line.at} ${line.stream} ${line.bytes.toString('latin1')} ${line.dropped}`);
  return lines;
}

test('frames are lines of two outputs, each with its time', async () => {
  const bytes = Buffer.concat([
    frame(`${at(1)} one\n`),
    frame(`${at(2)} two\r\n`, 'stderr'),
    frame(`${at(3)} \n`),
  ]);
  expect(await decode(bytes)).toEqual([
    `${at(1)} stdout one 0`,
    `${at(2)} stderr two 0`,
    `${at(3)} stdout  0`,
  ]);
});

test('times of another zone are told in UTC', async () => {
  const bytes = frame('2026-01-31T13:00:00.000000007+01:00 one\n');
  expect(await decode(bytes)).toEqual([`${at(7)} stdout one 0`]);
});

test('parts of a long line are one, with its time, also where Docker leaves out its line end', async () => {
  const part = 'x'.repeat(16_384);
  const open = [part, part, ''].map((text) => frame(`${at(5)} ${text}`));
  const ended = [part, 'end\n'].map((text) => frame(`${at(7)} ${text}`));
  const bytes = Buffer.concat([...open, frame(`${at(6)} next\n`), ...ended, frame(`${at(8)} ${part}`)]);
  expect(await decode(bytes)).toEqual([
    `${at(5)} stdout ${part}${part} 0`,
    `${at(6)} stdout next 0`,
    `${at(7)} stdout ${part}end 0`,
    `${at(8)} stdout ${part} 0`,
  ]);
});

test('a line that Docker never ends is ended by the next', async () => {
  const part = 'x'.repeat(16_384);
  const bytes = Buffer.concat([frame(`${at(5)} ${part}`), frame(`${at(6)} next\n`)]);
  expect(await decode(bytes)).toEqual([`${at(5)} stdout ${part} 0`, `${at(6)} stdout next 0`]);
});

test('of a line that is too long the rest is counted', async () => {
  const part = 'x'.repeat(16_384);
  const bytes = Buffer.concat([frame(`${at(5)} ${part}`), frame(`${at(5)} yz\n`), frame(`${at(6)} ok\n`)]);
  expect(await decode(bytes, { keepBytes: 10 })).toEqual([
    `${at(5)} stdout xxxxxxxxxx ${16_384 - 10 + 2}`,
    `${at(6)} stdout ok 0`,
  ]);
});

test('a terminal’s output is its lines; times in the middle of one are what it says', async () => {
  const bytes = Buffer.from(`${at(1)} one\r\n${at(2)} two ${at(3)} more\r\n${at(4)} open`);
  expect(await decode(bytes, { tty: true, sizes: [40, 3] })).toEqual([
    `${at(1)} stdout one 0`,
    `${at(2)} stdout two ${at(3)} more 0`,
    `${at(4)} stdout open 0`,
  ]);
});

test('any bytes come through whatever the pieces, and none of the containers’ can look like a time or a frame', async () => {
  const content = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(content),
      fc.array(fc.integer({ min: 1, max: 20 })),
      async (contents, sizes) => {
        const frames = contents.map((bytes, index) =>
          frame(Buffer.concat([Buffer.from(`${at(index)} `), bytes, Buffer.from('\n')])),
        );
        const expected = contents.map((bytes, index) => `${at(index)} stdout ${bytes.toString('latin1')} 0`);
        expect(await decode(Buffer.concat(frames), { sizes })).toEqual(expected);
      },
    ),
  );
});

test('what is no log at all is read to its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, tty) => {
      await decode(Buffer.from(bytes), { tty });
    }),
  );
});
