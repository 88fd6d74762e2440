// A TCP port on loopback that leads to a port of a machine: each connection is piped through one WebSocket of the API.
// For this process's own child only: it takes one connection and then stops listening.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { pathOf } from '@playhouse/contract/routes/client';
import { tunnelPath } from '@playhouse/contract/routes/web-socket-paths';
import { createWebSocketStream, WebSocket } from 'ws';
import { parseRefusal, refusal } from '../connection/refusal.ts';
import type { Access } from '../program/context.ts';

export interface TunnelTarget {
  readonly playground: string;
  readonly machine: string;
  /** Port of the machine. */
  readonly port: number;
}

export interface Tunnel {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Why the way to the machine broke, if it did. */
  readonly failure: () => Error | null;
  close(): void;
}

/** Opens the loopback end; the machine is dialled when somebody connects to it. */
export async function openTunnel(access: Access, target: TunnelTarget): Promise<Tunnel> {
  let failure: Error | null = null;
  const open = new Set<Socket>();
  const listener = createServer((socket) => {
    listener.close();
    open.add(socket);
    carry(socket, access, target).catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
      socket.destroy();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    failure: () => failure,
    close: () => {
      listener.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function carry(socket: Socket, access: Access, target: TunnelTarget): Promise<void> {
  socket.setNoDelay(true);
  const origin = access.endpoint.replace(/^http/, 'ws');
  const headers = access.token === null ? {} : { authorization: `Bearer ${access.token}` };
  const url = origin + pathOf(tunnelPath, { ...target }, { port: target.port });
  const webSocket = new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: 15_000 });
  const stream = createWebSocketStream(webSocket);
  // Before the pipes stand, so that an early end of either side is not missed.
  const refused = Promise.race([refusal(webSocket, access.endpoint), broken(webSocket, target)]);
  socket.on('error', () => undefined);
  const done = Promise.all([ignoreEnd(pipeline(socket, stream)), ignoreEnd(pipeline(stream, socket))]);
  await Promise.race([done, refused]);
}

/** Rejects with the server's own error when it turns the tunnel down or breaks it; never resolves. */
function broken(webSocket: WebSocket, target: TunnelTarget): Promise<never> {
  return new Promise((_, reject) => {
    webSocket.on('close', (code, reason) => {
      if (code === 1000 || code === 1001 || code === 1005 || code === 1006) return;
      reject(
        parseRefusal(reason.toString()) ??
          new PlayhouseError('tunnel-failed', { port: target.port, machine: target.machine }),
      );
    });
  });
}

/** Either side may hang up at any moment; that is the end of a connection, not an error. */
async function ignoreEnd(pipe: Promise<void>): Promise<void> {
  await pipe.catch(() => undefined);
}
