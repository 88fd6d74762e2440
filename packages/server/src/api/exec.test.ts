import { once } from 'node:events';
import { streamPath } from '@playhouse/contract/link/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { refusal } from '../testing/refusal.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
let origin: string;
let token: string;

beforeEach(async () => {
  server = await startTestServer({ questionTimeoutMs: 300 });
  engine = await server.connectEngine();
  origin = (await server.api.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
  const ann = await server.as('ann');
  ({ token } = ann);
  const manifest = 'services: { web: { image: nginx } }\n';
  await ann.call('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  await ann.call('playground.start', { body: { playspec: 'shop' } });
});
afterEach(async () => await server.close());

const shell = '/api/playgrounds/1/services/web/exec';

function open(path: string, bearer = token): WebSocket {
  return new WebSocket(`${origin}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
}

/** What the engine is asked, once it is. */
async function asked() {
  const { id, question } = await engine.next('question');
  if (question.kind !== 'services.exec') throw new Error(`asked for ${question.kind}`);
  return { id, question };
}

/** As the engine does: answers, and dials. */
async function dial(): Promise<WebSocket> {
  const { id, question } = await asked();
  const stream = new WebSocket(`ws+unix:${server.socketPath}:${streamPath(question.stream)}`);
  engine.send({ type: 'answer', id, answer: { kind: question.kind } });
  await once(stream, 'open');
  return stream;
}

async function heard(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}

test('a command is asked for as it was given, and bytes go both ways, also what is said at once', async () => {
  const command = encodeURIComponent(JSON.stringify(['sh', '-c', "it's"]));
  const client = open(`${shell}?command=${command}&user=1&terminal=true&columns=100&rows=30`);
  const { id, question } = await asked();
  expect(question).toMatchObject({
    service: 'web',
    command: ['sh', '-c', "it's"],
    user: '1',
    terminal: { columns: 100, rows: 30 },
  });
  const stream = new WebSocket(`ws+unix:${server.socketPath}:${streamPath(question.stream)}`);
  await once(stream, 'open');
  stream.send(Buffer.from('said at once'));
  engine.send({ type: 'answer', id, answer: { kind: question.kind } });
  expect(await heard(client)).toBe('said at once');
  client.send(Buffer.from('put in'));
  expect(await heard(stream)).toBe('put in');
  client.close();
  await once(stream, 'close');
});

test.each([
  [1000, ''],
  [1011, 'no such user'],
])('the end of a command, and why it could not be run, reach the client: %i', async (code, reason) => {
  const client = open(shell);
  const stream = await dial();
  stream.close(code, reason);
  const [closed, said] = (await once(client, 'close')) as [number, Buffer];
  expect([closed, said.toString()]).toEqual([code, reason]);
});

test('a client that leaves while the engine is asked leaves no stream open', async () => {
  const client = open(shell);
  const { id, question } = await asked();
  client.on('error', () => {});
  client.terminate();
  const stream = new WebSocket(`ws+unix:${server.socketPath}:${streamPath(question.stream)}`);
  const closed = once(stream, 'close');
  engine.send({ type: 'answer', id, answer: { kind: question.kind } });
  await closed;
  expect(stream.readyState).toBe(WebSocket.CLOSED);
});

test('what the engine refuses, and does not bring about in time, is an ordinary error', async () => {
  const refused = refusal(open(shell));
  const { id } = await asked();
  const error = { code: 'service-not-running', message: 'It does not run.', hint: 'Start it.' };
  engine.send({ type: 'refusal', id, error });
  expect(await refused).toEqual([409, 'service-not-running']);

  const late = refusal(open(shell));
  const second = await asked();
  engine.send({ type: 'answer', id: second.id, answer: { kind: 'services.exec' } });
  expect(await late).toEqual([504, 'engine-timeout']);
});

test('machines have no services, commands are lists of words, and nobody gets into what is another’s', async () => {
  const bob = (await server.as('bob')).token;
  expect(await refusal(open(shell, bob))).toEqual([404, 'playground-unknown']);
  expect(await refusal(open(`${shell}?command=ls`))).toEqual([400, 'request-invalid']);
  expect(await refusal(open(`${shell}?columns=0`))).toEqual([400, 'request-invalid']);
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const machines = '/api/playgrounds/2/services/web/exec';
  expect(await refusal(open(machines, server.token))).toEqual([409, 'exec-of-machines']);
});

test('a stream that nobody waits for is closed', async () => {
  const stream = new WebSocket(`ws+unix:${server.socketPath}:${streamPath('0'.repeat(32))}`);
  const [code] = (await once(stream, 'close')) as [number];
  expect(code).toBe(4004);
});
