import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Makes sure that only one engine works on a state directory: the kernel ends the claim with the process, however it ends.
 * @throws PlayhouseError socket-in-use
 */
export async function claim(socket: string): Promise<void> {
  if (await listen(socket)) return;
  if (await answers(socket)) throw new PlayhouseError('socket-in-use', { path: socket });
  // Left by an engine that was killed.
  await rm(socket, { force: true });
  if (!(await listen(socket))) throw new PlayhouseError('socket-in-use', { path: socket });
}

async function listen(path: string): Promise<boolean> {
  const server = createServer((visitor) => visitor.end());
  server.unref();
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
