import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

let api: FakeApi | null = null;
let tunnel: Tunnel | null = null;
afterEach(async () => {
  tunnel?.close();
  await api?.close();
});

async function open(): Promise<Socket> {
  const access = { endpoint: api?.endpoint ?? '', token: 't', tokenOrigin: null };
  tunnel = await openTunnel(access, { playground: '42', machine: 'a b', port: 22 });
  const socket = connect(tunnel.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

test('carries bytes both ways, unchanged and in order', async () => {
  let asked: unknown[] = [];
  api = await startFakeApi({}, (socket, request) => {
    asked = [request.url, request.headers.authorization];
    let received = 0;
    socket.on('message', (data: Buffer, binary) => {
      expect(binary).toBe(true);
      received += data.length;
      socket.send(data);
      if (received === bytes.length) socket.close(1000);
    });
  });
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
  const socket = await open();
  const echoed = buffer(socket);
  socket.write(bytes);
  expect((await echoed).equals(bytes)).toBe(true);
  expect(asked).toEqual(['/api/playgrounds/42/machines/a%20b/tunnel?port=22', 'Bearer t']);
  expect(tunnel?.failure()).toBeNull();
});

test('takes one connection only', async () => {
  api = await startFakeApi({}, () => undefined);
  await open();
  const second = connect(tunnel?.port ?? 0, '127.0.0.1');
  const [error] = (await once(second, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

test('a tunnel that the server turns down ends the connection and keeps the server’s reason', async () => {
  api = await startFakeApi({});
  const socket = await open();
  socket.on('error', () => undefined);
  await once(socket, 'close');
  expect(tunnel?.failure()).toMatchObject({ code: 'engine-down' });
});
