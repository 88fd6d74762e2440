import { expect, test } from 'vitest';
import { ImagesInMaking } from './images-in-making.ts';

test('an image counts as being made until the last who makes it is done, or has failed', async () => {
  const making = new ImagesInMaking();
  let finish = () => {};
  const first = making.during('web:1', async () => await new Promise<void>((done) => (finish = done)));
  const second = making.during('web:1', async () => await Promise.reject(new Error('no room')));
  await expect(second).rejects.toThrow('no room');
  expect(making.has('web:1')).toBe(true);
  finish();
  await first;
  expect(making.has('web:1')).toBe(false);
});
