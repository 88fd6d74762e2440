import { rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** Longer than an engine takes from finding a dead socket to putting its own in the place. */
const rivalryMs = 100;

/**
 * Makes sure that only one engine works on a state directory: the kernel ends the claim with the process, however it ends.
 * @throws PlayhouseError socket-in-use
 */
export async function claim(socket: string): Promise<void> {
  // Otherwise said as EACCES, which it is not.
  await stat(dirname(socket));
  if (await listen(socket)) return;
  if (await answers(socket)) throw new PlayhouseError('socket-in-use', { path: socket });
  // Left by an engine that was killed.
  await rm(socket, { force: true });
  if (!(await listen(socket))) throw new PlayhouseError('socket-in-use', { path: socket });
  // Another engine may have found the same leavings and removed what is ours by now: then it has the claim.
  const { ino } = await stat(socket);
  await setTimeout(rivalryMs);
  if ((await stat(socket).catch(() => null))?.ino !== ino)
    throw new PlayhouseError('socket-in-use', { path: socket });
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
