import { expect, test } from 'vitest';
import { changedServices, replicasOf } from './changed-services.ts';

test('services that are otherwise or new have changed, dependencies first', () => {
  const running = { web: { image: 'a', depends_on: { api: {} } }, api: { image: 'a' }, db: { image: 'd' } };
  const next = {
    web: { image: 'b', depends_on: { api: {} } },
    api: { image: 'b', depends_on: { cache: {} } },
    db: { image: 'd' },
    cache: { image: 'c' },
  };
  expect(changedServices(running, next)).toEqual(['cache', 'api', 'web']);
  expect(changedServices(next, next)).toEqual([]);
});

test('a service has one container unless it says more', () => {
  expect([{}, { scale: 2 }, { deploy: { replicas: 3 } }].map((each) => replicasOf(each))).toEqual([1, 2, 3]);
});
