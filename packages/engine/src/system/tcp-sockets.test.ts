import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listeningSockets, openConnections } from './tcp-sockets.ts';

test('connections to a port are counted while they are open, whichever address they are to', async () => {
  const server = createServer((socket) => socket.on('end', () => socket.end())).listen(0, '::');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await openConnections(port)).toEqual(new Set());
  const clients = ['127.0.0.1', '::1'].map((host) => connect({ host, port }));
  await Promise.all(clients.map(async (client) => await once(client, 'connect')));
  expect((await openConnections(port)).size).toBe(2);
  for (const client of clients) {
    client.end();
    await once(client.resume(), 'close');
  }
  expect(await openConnections(port)).toEqual(new Set());
});

test('sockets that share a port are counted while they listen', async () => {
  const listen = async (port: number) => {
    const server = createServer().listen({ host: '127.0.0.1', port, reusePort: true });
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return server;
  };
  const first = await listen(0);
  const { port } = first.address() as AddressInfo;
  await listen(port);
  expect(await listeningSockets(port)).toBe(2);
  first.close();
  await once(first, 'close');
  expect(await listeningSockets(port)).toBe(1);
});
