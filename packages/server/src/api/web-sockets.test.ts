import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type Event, eventSchema } from '@playhouse/contract/event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { runningMachine } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { refusal } from '../testing/refusal.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { recheckMs, tokenEnded } from './web-socket-guard.ts';

let server: TestServer;
let engine: TestEngine;
let origin: string;
let echo: Server;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
  origin = (await server.api.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
  echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await server.close();
  await new Promise((resolve) => echo.close(resolve));
});

function open(
  path: string,
  headers: Record<string, string> = { authorization: `Bearer ${server.token}` },
): WebSocket {
  return new WebSocket(`${origin}${path}`, { headers });
}

async function startRunning(): Promise<void> {
  const { playground } = await server.call('playground.start', { body: { playspec: 'debian' } });
  const { id = '', operationId = '' } = { ...playground };
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: 1,
    state: 'running',
    machines: [runningMachine()],
  });
}

const tunnel = (port: number) => `/api/playgrounds/1/machines/debian/tunnel?port=${port}`;

test('the events of one operation begin with its state and leave out the others', async () => {
  const { operation } = await server.call('source.bake', { parameters: { name: 'debian-12' } });
  const id = operation?.id ?? '';
  const events: Event[] = [];
  const socket = open(`/api/events?operation=${id}`);
  socket.on('message', (data: Buffer) => events.push(eventSchema.parse(JSON.parse(data.toString()))));
  await vi.waitFor(() => expect(events).toHaveLength(1));
  await server.call('playground.start', { body: { playspec: 'debian' } });
  engine.send({ type: 'log', operationId: id, lines: ['line'] });
  await engine.report({ operationId: id, revision: 1, status: 'succeeded' });
  await vi.waitFor(() => expect(events).toHaveLength(3));
  expect(events).toMatchObject([
    { kind: 'operation', operation: { id, status: 'pending' } },
    { kind: 'log', operationId: id, lines: ['line'] },
    { kind: 'operation', operation: { id, status: 'succeeded' } },
  ]);
  const sequences = events.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
});

test('all events go to who asks for all, with the token in the query', async () => {
  const events: Event[] = [];
  const socket = open(`/api/events?token=${server.token}`, {});
  socket.on('message', (data: Buffer) => events.push(eventSchema.parse(JSON.parse(data.toString()))));
  await vi.waitFor(() => expect(events).toMatchObject([{ kind: 'engine', connected: true }]));
  await server.call('playground.start', { body: { playspec: 'debian' } });
  await vi.waitFor(() =>
    expect(events.map(({ kind }) => kind)).toEqual(['engine', 'operation', 'playground']),
  );
});

test('WebSockets are refused before the upgrade, with errors of the catalogue', async () => {
  expect(await refusal(open('/api/events', {}))).toEqual([401, 'token-missing']);
  expect(await refusal(open('/api/events?token=ph_x', {}))).toEqual([401, 'token-invalid']);
  const authorization = `Bearer ${server.token}`;
  expect(await refusal(open('/api/events', { authorization, origin: 'http://evil.example' }))).toEqual([
    400,
    'request-invalid',
  ]);
  expect(await refusal(open(`/api/events?operation=${'f'.repeat(24)}`))).toEqual([404, 'operation-unknown']);
  expect(await refusal(open('/api/events?operation=x'))).toEqual([400, 'request-invalid']);
  expect(await refusal(open('/api/nothing'))).toEqual([404, 'route-unknown']);
  expect(await refusal(open(tunnel(22)))).toEqual([404, 'playground-unknown']);
});

test('a plain request to a WebSocket path is told so', async () => {
  const headers = { authorization: `Bearer ${server.token}` };
  const response = await fetch(`${origin.replace('ws', 'http')}/api/events`, { headers });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'request-invalid' } },
  ]);
});

test('a tunnel carries bytes to the machine’s port and back', async () => {
  await startRunning();
  const socket = open(tunnel((echo.address() as AddressInfo).port));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(Buffer.from('ping'));
  const [data, binary] = await new Promise<[Buffer, boolean]>((resolve) => {
    socket.once('message', (message: Buffer, isBinary) => resolve([message, isBinary]));
  });
  expect([data.toString(), binary]).toEqual(['ping', true]);
});

test('a tunnel to a port where nothing answers, or of a machine that is not there, is an ordinary error', async () => {
  await startRunning();
  expect(await refusal(open(tunnel(1)))).toEqual([502, 'tunnel-failed']);
  expect(await refusal(open('/api/playgrounds/1/machines/nope/tunnel?port=22'))).toEqual([
    404,
    'machine-unknown',
  ]);
  expect(await refusal(open(tunnel(0)))).toEqual([400, 'request-invalid']);
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const pending = '/api/playgrounds/2/machines/debian/tunnel?port=22';
  expect(await refusal(open(pending))).toEqual([409, 'machine-not-running']);
});

test('events tell each what is theirs, and administrators everything', async () => {
  const [ann, bob] = [await server.as('ann'), await server.as('bob')];
  const seen = new Map<string, string[]>();
  for (const [name, token] of [
    ['ann', ann.token],
    ['bob', bob.token],
    ['admin', server.token],
  ] as const) {
    const kinds: string[] = [];
    seen.set(name, kinds);
    open('/api/events', { authorization: `Bearer ${token}` }).on('message', (data: Buffer) =>
      kinds.push(eventSchema.parse(JSON.parse(data.toString())).kind),
    );
    await vi.waitFor(() => expect(kinds).toEqual(['engine']));
  }
  const { operation, playground } = await ann.call('playground.start', { body: { playspec: 'debian' } });
  engine.send({ type: 'log', operationId: operation?.id ?? '', lines: ['line'] });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'running' });
  await server.call('source.bake', { parameters: { name: 'debian-12' } });
  const last = await bob.call('playground.start', { body: { playspec: 'debian' } });
  expect(last.playground?.owner).toBe('bob');
  const work = ['operation', 'playground', 'log', 'operation', 'playground'];
  await vi.waitFor(() => expect(seen.get('bob')).toEqual(['engine', 'operation', 'playground']));
  await vi.waitFor(() => expect(seen.get('ann')).toEqual(['engine', ...work]));
  await vi.waitFor(() =>
    expect(seen.get('admin')).toEqual(['engine', ...work, 'operation', 'operation', 'playground']),
  );
  const asked = `/api/events?operation=${operation?.id ?? ''}`;
  const headers = { authorization: `Bearer ${bob.token}` };
  expect(await refusal(open(asked, headers))).toEqual([404, 'operation-unknown']);
  expect(playground?.owner).toBe('ann');
});

test('a tunnel to a machine of somebody else’s playground is refused as if it were not there', async () => {
  await startRunning();
  const headers = { authorization: `Bearer ${(await server.as('bob')).token}` };
  const { port } = echo.address() as AddressInfo;
  expect(await refusal(open(tunnel(port), headers))).toEqual([404, 'playground-unknown']);
});

test('a WebSocket is closed when its token is no longer good', async () => {
  const ann = await server.as('ann');
  const repeat = vi.spyOn(globalThis, 'setInterval');
  const socket = open('/api/events', { authorization: `Bearer ${ann.token}` });
  await new Promise((resolve) => socket.once('open', resolve));
  const check = await vi.waitFor(() => {
    const found = repeat.mock.calls.find(([call, ms]) => ms === recheckMs && call.name === 'check');
    expect(found).toBeDefined();
    return found?.[0] as () => void;
  });
  repeat.mockRestore();
  check();
  await server.call('token.revoke', { parameters: { user: 'ann', token: 'test' } });
  check();
  expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(tokenEnded);
});
