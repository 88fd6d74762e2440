import { expect, test } from 'vitest';
import { lastLines } from './last-lines.ts';

const line = (text: string) => ({ at: '2026-01-02T03:04:05.000Z', text });
const texts = (...all: readonly string[]) => lastLines(all.map(line)).map(({ text }) => text);

test('the last lines are told as they are', () => {
  expect(texts('one', 'two')).toEqual(['one', 'two']);
  expect(texts(...Array.from({ length: 40 }, (_, index) => `${index}`))).toEqual(
    Array.from({ length: 30 }, (_, index) => `${index + 10}`),
  );
});

test('a long one, as the description of a package, is cut, and says by how much', () => {
  expect(texts('first', 'x'.repeat(4000))).toEqual(['first', `${'x'.repeat(500)}… (3500 more characters)`]);
  expect(texts(`${'x'.repeat(499)}😀 and more`)[0]).toMatch(/^x{499}… \(11 more characters\)$/);
});

test('many long ones are cut to the last of them', () => {
  const kept = texts(...Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(498)}`));
  expect(kept.join('').length).toBeLessThanOrEqual(6000);
  expect(kept.at(-1)).toMatch(/^29 /);
  expect(kept.length).toBeGreaterThan(8);
});
