import { expect, test } from 'vitest';
import { lastLines } from './console.ts';

test('the last lines keep their end, whether the last one is finished or not', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
  expect(lastLines('a\nb\nc', 2)).toBe('b\nc');
  expect(lastLines('a\n', 5)).toBe('a\n');
  expect(lastLines('a\nb\n', 0)).toBe('');
});
