import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test('what could drive a terminal is taken out; text, line ends and tabs stay', () => {
  const hostile = '\u001B[31mred\u001B[0m\tand\r\n\u0007\u001B]0;title\u0007\u009B2J\u0000ünï\u007F';
  expect(printable(hostile)).toBe('red\tand\n]0;title2Jünï');
});
