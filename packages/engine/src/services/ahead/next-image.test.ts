import { expect, test } from 'vitest';
import { nextImageOf } from './next-image.ts';

const underWay = { commit: 'newer', state: 'building', detail: null } as const;
const parts = { web: { branch: 'main', commit: 'old', image: 'own/web:1' } };
const built = { commit: 'new', order: 'o', image: 'own/web:2', detail: null };

test('what came of it is told, and before that how far it is; nothing once it runs', () => {
  const told = (nextImages: Parameters<typeof nextImageOf>[0]['nextImages']) =>
    nextImageOf({ parts, nextImages }, 'web', underWay);
  expect(told({})).toEqual(underWay);
  expect(told({ web: built })).toEqual({ commit: 'new', state: 'ready', detail: null });
  const failed = { ...built, image: null, detail: 'exit code: 1' };
  expect(told({ web: failed })).toEqual({ commit: 'new', state: 'failed', detail: 'exit code: 1' });
  expect(nextImageOf({ parts, nextImages: { web: { ...built, commit: 'old' } } }, 'web', null)).toBeNull();
});
