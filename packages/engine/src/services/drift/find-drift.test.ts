import { expect, test } from 'vitest';
import { findDrift } from './find-drift.ts';

const services = {
  web: { image: 'w:1', deploy: { replicas: 2 } },
  db: { image: 'd:1' },
  none: { image: 'n:1', scale: 0 },
};
const web = { service: 'web', image: 'w:1' };
const db = { service: 'db', image: 'd:1' };

test('containers that are what the file says are no drift, however many more there are', () => {
  expect([...findDrift(services, [web, web, db])]).toEqual([]);
  expect([...findDrift(services, [web, web, web, db, { service: 'gone', image: 'x' }])]).toEqual([]);
});

test('a container that is missing and one of another image are told apart', () => {
  expect([...findDrift(services, [web, db])]).toEqual([['web', 'missing']]);
  expect([...findDrift(services, [web, { ...web, image: 'w:2' }])]).toEqual([
    ['web', 'other-image'],
    ['db', 'missing'],
  ]);
});
