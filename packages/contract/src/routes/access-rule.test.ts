import { expect, test } from 'vitest';
import { accessRules, namesSubjectIn } from './access-rule.ts';
import type { Route } from './route.ts';
import { type RouteName, routeTable } from './route-table.ts';
import { eventsInput, tunnelInput } from './web-socket-paths.ts';

const routes = Object.entries<Route>(routeTable) as [RouteName, Route][];

const subjectNames: Partial<Record<Route['access'], string>> = {
  account: 'user',
  playground: 'playground',
  operation: 'operation',
  'playspec.read': 'name',
  'playspec.manage': 'name',
  'playspec.base': 'base',
  'playspec.start': 'playspec',
};

test.each(routes)('%s declares who may call it, and names what its rule is about', (_name, route) => {
  expect(Object.keys(accessRules)).toContain(route.access);
  const place = namesSubjectIn(route.access);
  const part = place === 'body' ? route.body : place === 'path' ? route.parameters : undefined;
  const named = subjectNames[route.access];
  expect(named === undefined || Object.hasOwn(part?.shape ?? {}, named)).toBe(true);
});

test('the WebSockets have a rule too', () => {
  expect([eventsInput.access, tunnelInput.access]).toEqual(['user', 'playground']);
});
