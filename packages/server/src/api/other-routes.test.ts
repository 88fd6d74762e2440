import { routeTable } from '@playhouse/contract/routes/route-table';
import { tokenNeed } from '@playhouse/contract/routes/access-rule';
import type { Route } from '@playhouse/contract/routes/route';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const routes = Object.entries<Route>(routeTable);

test('health and the OpenAPI document are public, the catalog can be looked at, and nothing else', async () => {
  const open = (need: string) =>
    routes.filter(([, { access }]) => tokenNeed(access) === need).map(([name]) => name);
  expect(open('none')).toEqual(['system.health', 'system.openapi']);
  const catalog = ['playspec.list', 'playspec.get', 'playspec.versions', 'playspec.manifest'];
  expect(open('optional')).toEqual(catalog);
  expect((await server.api.inject('/api/health')).statusCode).toBe(200);
});

test('everything wrong with a request is told at once', async () => {
  const body = { playspec: 7, authorizedKeys: ['x'], titel: 'A' } as never;
  const { status, error } = await server.call('playground.start', { body });
  expect([status, error?.code]).toEqual([400, 'request-invalid']);
  for (const part of ['body.playspec', 'body.authorizedKeys.0', 'titel'])
    expect(error?.message).toContain(part);
});

test.each([
  ['no body', undefined, 'application/json'],
  ['broken JSON', '{', 'application/json'],
  ['another type', 'playspec=x', 'application/x-www-form-urlencoded'],
])('%s is an invalid request', async (_name, body, type) => {
  const headers = { authorization: `Bearer ${server.token}`, 'content-type': type };
  const response = await server.api.inject({
    method: 'POST',
    url: '/api/playgrounds',
    headers,
    ...(body === undefined ? {} : { body }),
  });
  expect([response.statusCode, response.json()]).toMatchObject([400, { error: { code: 'request-invalid' } }]);
});

test('a body over the limit is refused by its length, unread', async () => {
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/json',
    'content-length': '5000000',
  };
  const response = await server.api.inject({ method: 'POST', url: '/api/playgrounds', headers, body: '' });
  expect([response.statusCode, response.json()]).toMatchObject([
    413,
    { error: { code: 'request-too-large' } },
  ]);
});

test('who is still sending a body that was refused sees the answer, not a broken connection', async () => {
  const origin = await server.api.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const size = 5_000_000;
  const head = [
    'POST /api/playgrounds HTTP/1.1',
    'host: x',
    `authorization: Bearer ${server.token}`,
    'content-type: application/json',
  ];
  socket.write(`${[...head, `content-length: ${size}`].join('\r\n')}\r\n\r\n`);
  await once(socket, 'readable');
  socket.write('x'.repeat(size));
  socket.end('GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  expect((await text(socket)).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test('an unknown route and a broken URL are of the catalogue too', async () => {
  const unknown = await server.api.inject({ method: 'GET', url: '/api/nothing?token=secret' });
  expect([unknown.statusCode, unknown.json()]).toMatchObject([404, { error: { code: 'route-unknown' } }]);
  expect(unknown.body).not.toContain('secret');
  const broken = await server.api.inject({ method: 'GET', url: '/api/playgrounds/%zz' });
  expect([broken.statusCode, broken.json()]).toMatchObject([400, { error: { code: 'request-invalid' } }]);
});

test.each(['f'.repeat(24), '99', 'pg-9-x', '../../etc/passwd', "' or ''='"])(
  'playground %s is unknown',
  async (playground) => {
    for (const name of [
      'playground.get',
      'playground.manifest',
      'playground.machines',
      'playground.destroy',
      'playground.retry',
    ] as const) {
      const answer = await server.call(name, { parameters: { playground } });
      expect(answer).toMatchObject({ status: 404, error: { code: 'playground-unknown' } });
    }
  },
);

test('operations: list, get, logs, cancel', async () => {
  const { operation } = await server.call('source.bake', { parameters: { name: 'debian-12' } });
  const parameters = { operation: operation?.id ?? '' };
  const again = await server.call('source.bake', { parameters: { name: 'debian-12' } });
  expect(again.operation?.id).toBe(parameters.operation);
  expect((await server.call('operation.list')).operations).toEqual([operation]);
  engine.send({ type: 'log', operationId: parameters.operation, lines: ['one', 'two'] });
  await engine.report({ operationId: parameters.operation, revision: 1, status: 'running' });
  expect(await server.call('operation.get', { parameters })).toMatchObject({
    operation: { status: 'running' },
  });
  const { lines } = await server.call('operation.logs', { parameters, query: { after: 1 } });
  expect(lines).toMatchObject([{ number: 2, text: 'two' }]);
  expect((await server.call('operation.cancel', { parameters })).status).toBe(202);
  await engine.next('command');
  expect((await engine.next('command')).command).toEqual({
    kind: 'operation.cancel',
    operationId: parameters.operation,
  });
  await engine.report({ operationId: parameters.operation, revision: 2, status: 'cancelled' });
  const ended = await server.call('operation.cancel', { parameters });
  expect(ended).toMatchObject({ status: 409, error: { code: 'operation-not-cancellable' } });
});

test('operations of a playground are found by its name; a destroy cannot be cancelled', async () => {
  await server.call('source.bake', { parameters: { name: 'debian-12' } });
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const { operation } = await server.call('playground.destroy', { parameters: { playground: '1' } });
  const { operations } = await server.call('operation.list', { query: { playground: 'pg-1-debian' } });
  expect(operations?.map(({ kind }) => kind)).toEqual(['playground.destroy', 'playground.start']);
  const refused = await server.call('operation.cancel', { parameters: { operation: operation?.id ?? '' } });
  expect(refused).toMatchObject({ status: 409, error: { code: 'operation-not-cancellable' } });
});

test('unknown operations and sources are told', async () => {
  const parameters = { operation: 'f'.repeat(24) };
  for (const name of ['operation.get', 'operation.logs', 'operation.cancel'] as const) {
    expect(await server.call(name, { parameters })).toMatchObject({
      status: 404,
      error: { code: 'operation-unknown' },
    });
  }
  const bake = await server.call('source.bake', { parameters: { name: 'debian-13' } });
  expect(bake).toMatchObject({ status: 422, error: { code: 'source-unknown' } });
});

test('catalog, playroom, health and the OpenAPI document', async () => {
  const { playspecs } = await server.call('playspec.list');
  expect(playspecs?.map(({ name, flexible }) => [name, flexible])).toEqual([
    ['debian', false],
    ['docker', false],
    ['flexbox', true],
    ['nat-gateway', false],
    ['two-networks', false],
  ]);
  expect((await server.call('playspec.manifest', { parameters: { name: 'debian' } })).manifest).toContain(
    'debian-12',
  );
  const unknown = await server.call('playspec.manifest', { parameters: { name: 'nope' } });
  expect(unknown).toMatchObject({ status: 404, error: { code: 'playspec-unknown' } });
  expect((await server.call('source.list')).sources).toHaveLength(1);
  expect((await server.call('kernel.list')).kernels).toHaveLength(1);
  const { playroom } = await server.call('system.playroom');
  expect(playroom).toMatchObject({ connected: true, version: '0.1.0', memoryReservedBytes: 0 });
  expect(await server.call('system.health')).toMatchObject({ engineConnected: true, version: '0.1.0' });
  const openapi: Record<string, unknown> = { ...(await server.call('system.openapi')) };
  expect(openapi['openapi']).toMatch(/^3\.1/);
});
