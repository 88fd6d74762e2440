import { expect, test } from 'vitest';
import { findDrift } from './find-drift.ts';

const services = {
  web: { image: 'w:1', deploy: { replicas: 2 } },
  db: { image: 'd:1' },
  none: { image: 'n:1', scale: 0 },
};
const web = { service: 'web', image: 'w:1' };
const db = { service: 'db', image: 'd:1' };

test('containers that are what the file says are no drift, nor is one that no service has', () => {
  expect([...findDrift(services, [web, web, db])]).toEqual([]);
  expect([...findDrift(services, [web, web, db, { service: '', image: 'x' }])]).toEqual([]);
});

test('a container more than there are to be is one too many, and all of a service that is not there are', () => {
  const gone = { service: 'gone', image: 'x' };
  expect([...findDrift(services, [web, web, web, db, gone, gone])]).toEqual([
    ['web', 'surplus'],
    ['gone', 'surplus'],
  ]);
  expect([...findDrift(services, [web, web, db, { service: 'none', image: 'n:1' }])]).toEqual([
    ['none', 'surplus'],
  ]);
  expect([...findDrift(services, [web, web, { ...web, image: 'w:2' }, db])]).toEqual([
    ['web', 'other-image'],
  ]);
});

test('a container that is missing and one of another image are told apart', () => {
  expect([...findDrift(services, [web, db])]).toEqual([['web', 'missing']]);
  expect([...findDrift(services, [web, { ...web, image: 'w:2' }])]).toEqual([
    ['web', 'other-image'],
    ['db', 'missing'],
  ]);
});
