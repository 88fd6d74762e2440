import { expect, test } from 'vitest';
import { startMany } from './support/start-many.ts';

test('10 playgrounds started at once all come up; one more over the memory budget is refused at once', async () => {
  expect(await startMany(10)).toEqual([]);
}, 1_200_000);
