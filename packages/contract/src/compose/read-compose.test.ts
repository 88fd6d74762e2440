import { expect, test } from 'vitest';
import { readCompose } from './read-compose.ts';

test.each([
  ['8080', 8080],
  ['0440', 0o440],
  ['1.50', '1.50'],
  ['9007199254740991', 9_007_199_254_740_991],
  ['123456789012345678', '123456789012345678'],
  ['"8080"', '8080'],
])('%s is what Compose takes it for', (written, value) => {
  const read = readCompose(`a: ${written}\n`, 'a.yaml', () => undefined);
  expect(read).toMatchObject({ value: { a: value } });
});
