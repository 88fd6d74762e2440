import { expect, test } from 'vitest';
import { CappedOutput } from './capped-output.ts';

test('keeps what fits and says whether that was all', () => {
  const output = new CappedOutput(5);
  for (const piece of ['', 'abc', 'de', '']) output.add(Buffer.from(piece));
  expect([output.text(), output.truncated]).toEqual(['abcde', false]);
  output.add(Buffer.from('f'));
  expect([output.text(), output.truncated]).toEqual(['abcde', true]);
});

test('a piece across the limit is cut', () => {
  const output = new CappedOutput(5);
  output.add(Buffer.from('abcdefgh'));
  expect([output.text(), output.truncated]).toEqual(['abcde', true]);
});

test('many tiny and empty pieces cost no more than their bytes', () => {
  const output = new CappedOutput(100_000);
  for (let piece = 0; piece < 100_000; piece++) {
    output.add(Buffer.from('x'));
    output.add(Buffer.alloc(0));
  }
  expect([output.text().length, output.truncated]).toEqual([100_000, false]);
});
