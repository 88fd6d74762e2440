// Who is told at the door to stay out. Nothing is changed by that, so one server is enough.
import { tokenNeed } from '@playhouse/contract/routes/access-rule';
import type { Route } from '@playhouse/contract/routes/route';
import { type RouteName, routeTable } from '@playhouse/contract/routes/route-table';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let bob: Call;
beforeAll(async () => {
  server = await startTestServer();
  await server.connectEngine();
  bob = (await server.as('bob')).call;
});
afterAll(() => server.close());

const routes = Object.entries<Route>(routeTable) as [RouteName, Route][];
const closed = routes.filter(([, { access }]) => tokenNeed(access) === 'required');

test.each(closed)('%s wants a token', async (_name, route) => {
  const url = route.path.replaceAll(/:\w+/g, 'x');
  const without = await server.api.inject({ method: route.method, url });
  expect([without.statusCode, without.json()]).toMatchObject([401, { error: { code: 'token-missing' } }]);
  const headers = { authorization: 'Bearer ph_wrong' };
  const wrong = await server.api.inject({ method: route.method, url, headers });
  expect([wrong.statusCode, wrong.json()]).toMatchObject([401, { error: { code: 'token-invalid' } }]);
});

const admins = routes.filter(([, { access }]) => access === 'admin').map(([name]) => name);

test.each(admins)('%s is for administrators', async (name) => {
  const answer = await bob(name, { parameters: { user: 'ann', name: 'x' }, body: {} });
  expect(answer).toMatchObject({ status: 403, error: { code: 'forbidden' } });
});
