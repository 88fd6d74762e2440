import { lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Listens on a unix socket. A socket file that nobody serves any more — its server was killed — is replaced.
 * @throws PlayhouseError socket-in-use
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  await claimSocket(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Removes a stale socket file.
 * @throws PlayhouseError socket-in-use when a process serves it, or it is no socket at all; file-unreadable
 */
export async function claimSocket(path: string): Promise<void> {
  const outcome = await dial(path);
  if (outcome === 'ENOENT') return;
  // Most often a folder above the state directory that the server’s user may not enter.
  if (outcome === 'EACCES')
    throw new PlayhouseError('file-unreadable', { file: path, detail: 'permission denied' });
  if (outcome !== 'ECONNREFUSED' || !lstatSync(path).isSocket())
    throw new PlayhouseError('socket-in-use', { path });
  unlinkSync(path);
}

function dial(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('served');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
  });
}
