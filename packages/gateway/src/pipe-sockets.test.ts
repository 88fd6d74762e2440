import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { pipeSockets } from './pipe-sockets.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Both ends of a new WebSocket. */
async function pair() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'open')])) as unknown as [
    [WebSocket],
  ];
  ends.push(
    () => far.terminate(),
    () => server.close(),
  );
  return { near, far };
}

async function piped() {
  const [client, engine] = [await pair(), await pair()];
  engine.near.pause();
  pipeSockets(client.near, engine.near);
  return { client: client.far, engine: engine.far };
}

test('messages go both ways as they are', async () => {
  const { client, engine } = await piped();
  engine.send(Buffer.from([1, 2, 3]));
  expect(await once(client, 'message')).toEqual([Buffer.from([1, 2, 3]), true]);
  client.send('text');
  expect(await once(engine, 'message')).toEqual([Buffer.from('text'), false]);
});

test('either end ends the other, with its reason', async () => {
  const one = await piped();
  one.engine.close(1011, 'no such user');
  const [code, reason] = (await once(one.client, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([1011, 'no such user']);
  const other = await piped();
  other.client.terminate();
  expect((await once(other.engine, 'close'))[0]).toBe(1006);
});

test('a client that does not read holds the engine back, and gets all once it does', async () => {
  const { client, engine } = await piped();
  client.pause();
  const chunk = Buffer.alloc(1_000_000);
  let sent = 0;
  while (engine.bufferedAmount < 2_000_000 && sent < 200) {
    engine.send(chunk);
    sent += 1;
    await setTimeout(5);
  }
  expect(sent).toBeLessThan(200);
  let received = 0;
  client.on('message', (data: Buffer) => (received += data.length));
  client.resume();
  engine.close();
  await once(client, 'close');
  expect(received).toBe(sent * chunk.length);
});
