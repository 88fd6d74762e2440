import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectTunnel, pipeTunnel } from './tunnel.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Opened {
  readonly client: WebSocket;
  readonly machine: Promise<Socket>;
  /** What the client received so far. */
  readonly received: () => Buffer;
}

/** A machine that does `serve` on each connection, and a client whose WebSocket is piped to it. */
async function openTunnel(serve: (socket: Socket) => void): Promise<Opened> {
  const { port, connection } = await listen(serve);
  const tcp = await connectTunnel({ machine: 'box', address: '127.0.0.1', port });
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  ends.push(() => server.close());
  server.on('connection', (socket) => pipeTunnel(socket, tcp));
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  ends.push(() => client.terminate());
  const chunks: Buffer[] = [];
  client.on('message', (data: Buffer) => chunks.push(data));
  await new Promise((resolve) => client.once('open', resolve));
  return { client, machine: connection, received: () => Buffer.concat(chunks) };
}

async function listen(
  serve: (socket: Socket) => void,
): Promise<{ port: number; connection: Promise<Socket> }> {
  const server: Server = createServer();
  const connection = new Promise<Socket>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      ends.push(() => socket.destroy());
      serve(socket);
      resolve(socket);
    });
  });
  ends.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, connection };
}

test('bytes go both ways unchanged, also what the machine says first', async () => {
  const { client, received } = await openTunnel((socket) => {
    socket.write('hello ');
    socket.pipe(socket);
  });
  const sent = Buffer.alloc(300_000, 0xe9);
  client.send(sent);
  await vi.waitFor(() => expect(received().length).toBe(6 + sent.length));
  expect(received().equals(Buffer.concat([Buffer.from('hello '), sent]))).toBe(true);
});

test('the client hears when the machine ends the connection, after all its bytes', async () => {
  const { client, received } = await openTunnel((socket) => socket.end(Buffer.alloc(2_000_000)));
  const code = await new Promise((resolve) => client.once('close', resolve));
  expect([code, received().length]).toEqual([1000, 2_000_000]);
});

test('the machine hears when the client leaves, after all its bytes', async () => {
  let received = 0;
  const { client, machine } = await openTunnel((socket) =>
    socket.on('data', (data) => (received += data.length)),
  );
  client.send(Buffer.alloc(1_000_000));
  client.close();
  const socket = await machine;
  await new Promise((resolve) => socket.once('close', resolve));
  expect(received).toBe(1_000_000);
});

test('a machine that does not read holds the client back', async () => {
  const { client } = await openTunnel((socket) => socket.pause());
  let sent = 0;
  const chunk = Buffer.alloc(1_000_000);
  while (client.bufferedAmount < 2_000_000 && sent < 200) {
    client.send(chunk);
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(client.bufferedAmount).toBeGreaterThan(0);
  expect(sent).toBeLessThan(200);
});

test('a port where nobody listens is an error', async () => {
  const { port } = await listen(() => undefined);
  for (const end of ends.splice(0)) end();
  await expect(connectTunnel({ machine: 'box', address: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'tunnel-failed',
    cause: { code: 'ECONNREFUSED' },
  });
});
