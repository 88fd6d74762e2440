import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLifetime, longestLifetime, parseLifetime } from './lifetime.ts';

test.each([
  ['90m', 5400],
  ['3h', 10_800],
  ['2h30m', 9000],
  ['1d12h', 129_600],
  [' 45S ', 45],
])('%j is %i seconds', (text, seconds) => expect(parseLifetime(text)).toBe(seconds));

test.each(['', '0h', '90', 'h', '-1h', '1.5h', '3h2h', '30m2h', '1 h', 'none', '99999d'])(
  '%j is no lifetime',
  (text) => expect(parseLifetime(text)).toBeNull(),
);

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: longestLifetime }), (seconds) => {
      expect(parseLifetime(formatLifetime(seconds))).toBe(seconds);
    }),
  );
});

test('reading never fails, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseLifetime(text) ?? 1).toBeGreaterThan(0);
    }),
  );
});
