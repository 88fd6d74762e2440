import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { FrameDecoder, FrameType, type Frame, encodeFrame } from './frames.ts';

/**
 * Test support: an agent whose machine belongs to somebody else. It greets as it must; every other frame goes to
 * `answer`. Gives the path of its socket.
 */
export async function startHostileAgent(answer: (frame: Frame, socket: Socket) => void): Promise<string> {
  const path = `${await temporaryDirectory()}/agent.sock`;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const decoder = new FrameDecoder();
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) {
        if (frame.type === FrameType.hello) socket.write(encodeFrame(0, FrameType.ready, frame.payload));
        else answer(frame, socket);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path;
}
