import { expect, test } from 'vitest';
import { AnswerDecoder, runFrame } from './launcher-frames.ts';

const answers = Buffer.from([
  ...[4, 0, 0, 0, 7, 0, 0, 0, 0x81, 0x39, 0x30, 0, 0],
  ...[2, 0, 0, 0, 7, 0, 0, 0, 0x83, 0x68, 0x69],
  ...[0, 0, 0, 0, 8, 0, 0, 0, 0x84],
  ...[2, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 9],
]);
const expected = [
  [7, { kind: 'started', pid: 12345 }],
  [7, { kind: 'output', stream: 'stdout', bytes: Buffer.from('hi') }],
  [8, { kind: 'output', stream: 'stderr', bytes: Buffer.alloc(0) }],
  [7, { kind: 'ended', signal: true, value: 9 }],
];

test.each([1, 2, 5, 13, 100])('answers are read however they are chunked: by %d', (size) => {
  const decoder = new AnswerDecoder();
  const found: unknown[] = [];
  for (let at = 0; at < answers.length; at += size)
    found.push(...decoder.push(answers.subarray(at, at + size)));
  expect(found).toEqual(expected);
});

test('a request holds its words and its input', () => {
  const frame = runFrame(3, {
    argv: ['cat', ''],
    settings: ['A=b'],
    folder: '/',
    outputFile: '',
    input: Buffer.from('in'),
  });
  const payload = '\0\x02\0\x01\0/\0\0cat\0\0A=b\0in';
  expect(frame.toString('latin1')).toBe(
    `${String.fromCodePoint(payload.length)}\0\0\0\x03\0\0\0\x01${payload}`,
  );
});

test('a word that would end early is refused', () => {
  const request = { argv: ['a\0b'], settings: [], folder: '', outputFile: '', input: Buffer.alloc(0) };
  expect(() => runFrame(1, request)).toThrow('NUL');
});
