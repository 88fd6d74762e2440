// The data plane of commands in containers: messages between a client’s WebSocket and the engine’s, as they are.
import type { WebSocket } from 'ws';
import { keepAwake } from './keep-awake.ts';

/** Bytes that may wait in a WebSocket before the other side is not read any more, and down to where it is read again. */
const highWaterBytes = 1024 * 1024;
const lowWaterBytes = 256 * 1024;
/** Close codes that may not be sent: none was given, or the connection broke. */
const unsaid = new Set([1005, 1006, 1015]);

/**
 * Carries messages both ways until either side ends: the client is told how the engine ended, and an engine whose client is gone is
 * cut off. Neither can make the other’s messages pile up. The engine’s is paused until then, so that nothing is missed.
 */
export function pipeSockets(client: WebSocket, engine: WebSocket): void {
  const awake = keepAwake(client);
  client.once('close', () => clearInterval(awake));
  carry(client, engine);
  carry(engine, client);
  // It may not read, for its command does not: it would not answer a closing.
  whenGone(client, () => engine.terminate());
  whenGone(engine, (code, reason) => {
    // Held back for a side that is gone: its answer to the closing must be read.
    client.resume();
    if (unsaid.has(code)) client.close(1011, 'the other side broke');
    else client.close(code, reason);
  });
  engine.resume();
}

function carry(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: Buffer, binary) => {
    to.send(data, { binary }, () => {
      if (from.isPaused && to.bufferedAmount <= lowWaterBytes) from.resume();
    });
    if (to.bufferedAmount > highWaterBytes) from.pause();
  });
  from.on('error', () => from.terminate());
}

function whenGone(socket: WebSocket, gone: (code: number, reason: Buffer) => void): void {
  socket.once('close', gone);
  if (socket.readyState > socket.OPEN) gone(1006, Buffer.of());
}
