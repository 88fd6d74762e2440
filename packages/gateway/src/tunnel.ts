// The data plane: bytes between a client's WebSocket and a TCP port of a machine. It knows nothing of playgrounds; who may
// connect where is decided before.
import { connect, type Socket } from 'node:net';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { RawData, WebSocket } from 'ws';
import { keepAwake } from './keep-awake.ts';

/** Bytes that may wait in a WebSocket before the machine is not read any more, and down to where it is read again. */
const highWaterBytes = 1024 * 1024;
const lowWaterBytes = 256 * 1024;

export interface TunnelTarget {
  /** Name of the machine, for the error. */
  readonly machine: string;
  /** Host-side address of the machine. */
  readonly address: string;
  readonly port: number;
  readonly timeoutMs?: number;
}

/**
 * Connects to the machine's port.
 * @throws PlayhouseError tunnel-failed, whose cause is the system's error (ECONNREFUSED, ETIMEDOUT …)
 */
export function connectTunnel({ machine, address, port, timeoutMs = 10_000 }: TunnelTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    // Stays for the socket's life: an error between connecting and piping must not end the process.
    socket.on('error', (cause) => {
      clearTimeout(timer);
      reject(new PlayhouseError('tunnel-failed', { port, machine }, { cause }));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** Carries bytes both ways until either side ends, and then ends the other. Neither side can make the other's bytes pile up. */
export function pipeTunnel(client: WebSocket, machine: Socket): void {
  const keepAlive = keepAwake(client);

  client.on('message', (data) => {
    if (machine.write(toBuffer(data)) || client.isPaused) return;
    client.pause();
    machine.once('drain', () => client.resume());
  });
  machine.on('data', (chunk) => {
    client.send(chunk, () => {
      if (machine.isPaused() && client.bufferedAmount <= lowWaterBytes) machine.resume();
    });
    if (client.bufferedAmount > highWaterBytes) machine.pause();
  });

  machine.once('close', (failed) => {
    // Held back for a machine that is gone: the client's answer to our closing must be read.
    client.resume();
    if (failed) client.close(1011, 'the connection to the machine broke');
    else client.close(1000);
  });
  client.once('close', () => {
    clearInterval(keepAlive);
    machine.end();
    machine.resume();
    // A machine that does not close its half must not keep the connection.
    setTimeout(() => machine.destroy(), 5000).unref();
  });
  client.on('error', () => client.terminate());
  if (machine.destroyed) client.close(1011, 'the connection to the machine broke');
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
