// Who gets what: each rule of the route table with the people whom it tells apart.
import type { Route } from '@playhouse/contract/routes/route';
import { type RouteName, routeTable } from '@playhouse/contract/routes/route-table';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { startWithPeople } from '../testing/start-with-people.ts';
import type { Call, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
let ann: Call;
let bob: Call;
beforeEach(async () => {
  ({ server, engine, ann, bob } = await startWithPeople({ questionTimeoutMs: 50 }));
});
afterEach(() => server.close());

const routes = Object.entries<Route>(routeTable) as [RouteName, Route][];
const routesUnder = (...rules: Route['access'][]) =>
  routes.filter(([, { access }]) => rules.includes(access)).map(([name]) => name);

test.each(routesUnder('playground'))('%s: the playground of somebody else is not there', async (name) => {
  await ann('playground.start', { body: { playspec: 'debian' } });
  // Whatever else is asked: who may not see the playground learns nothing about the rest of the request.
  for (const playground of ['1', 'pg-1-debian']) {
    const parameters = { playground, machine: 'debian', name: 'x', task: 'x' };
    const answer = await bob(name, { parameters, body: {} });
    expect(answer).toMatchObject({ status: 404, error: { code: 'playground-unknown' } });
    const own = await ann(name, { parameters, body: {} });
    expect(own.error?.code).not.toBe('playground-unknown');
  }
});

test.each(routesUnder('operation'))('%s: the operation of somebody else is not there', async (name) => {
  const { operation } = await ann('playground.start', { body: { playspec: 'debian' } });
  const bake = await server.call('source.bake', { parameters: { name: 'debian-12' } });
  const parameters = (id = '') => ({ parameters: { operation: id } }) as never;
  const unknown = { status: 404, error: { code: 'operation-unknown' } };
  expect(await bob(name, parameters(operation?.id))).toMatchObject(unknown);
  expect(await bob(name, parameters(bake.operation?.id))).toMatchObject(unknown);
  // It is there, whether or not it has what is asked for.
  expect((await server.call(name, parameters(operation?.id))).error?.code).not.toBe('operation-unknown');
});

test.each(routesUnder('account'))('%s: the account of somebody else is not there', async (name) => {
  const other = { parameters: { user: 'ann', token: 'test' }, body: { name: 'mine' } };
  expect(await bob(name, other)).toMatchObject({ status: 404, error: { code: 'user-unknown' } });
  expect((await ann(name, other)).error).toBeUndefined();
});

test('lists show to each what is theirs, and to administrators everything', async () => {
  await ann('playground.start', { body: { playspec: 'debian' } });
  await bob('playground.start', { body: { playspec: 'debian' } });
  await server.call('source.bake', { parameters: { name: 'debian-12' } });
  const seen = async (call: Call) => [
    (await call('playground.list')).playgrounds?.map(({ owner }) => owner),
    (await call('operation.list')).operations?.map(({ subject }) => subject.name),
  ];
  expect(await seen(ann)).toEqual([['ann'], ['pg-1-debian']]);
  expect(await seen(bob)).toEqual([['bob'], ['pg-2-debian']]);
  expect(await seen(server.call)).toEqual([
    ['bob', 'ann'],
    ['debian-12', 'pg-2-debian', 'pg-1-debian'],
  ]);
  const asked = await bob('operation.list', { query: { playground: '1' } });
  expect(asked).toMatchObject({ status: 404, error: { code: 'playground-unknown' } });
});

test('a start takes a token, even of what anyone may see', async () => {
  const answer = await server.visitor('playground.start', { body: { playspec: 'debian' } });
  expect(answer).toMatchObject({ status: 401, error: { code: 'token-missing' } });
  expect(engine.rest).toEqual([]);
});
