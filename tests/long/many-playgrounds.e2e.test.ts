import { expect, test } from 'vitest';
import { startMany } from '../end-to-end/support/start-many.ts';

test('20 playgrounds started at once all come up; one more over the memory budget is refused at once', async () => {
  expect(await startMany(20)).toEqual([]);
}, 1_200_000);
