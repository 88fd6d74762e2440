import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimSocket, listenOnSocket } from './listen-on-socket.ts';

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'playhouse-socket-')), 'link.sock');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

test('a socket that is served is left alone', async () => {
  const server = createServer();
  await listenOnSocket(server, path);
  await expect(listenOnSocket(createServer(), path)).rejects.toMatchObject({ code: 'socket-in-use' });
  expect(existsSync(path)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});

test('a socket file that a killed server left is replaced', async () => {
  const killed = createServer();
  await listenOnSocket(killed, `${path}.old`);
  // Closing removes the file under its first name only, as if the process had been killed.
  renameSync(`${path}.old`, path);
  await new Promise((resolve) => killed.close(resolve));
  expect(existsSync(path)).toBe(true);
  const server = createServer();
  await listenOnSocket(server, path);
  await new Promise((resolve) => server.close(resolve));
});

test('a file that is no socket is not removed', async () => {
  writeFileSync(path, 'precious');
  await expect(claimSocket(path)).rejects.toMatchObject({ code: 'socket-in-use' });
  expect(existsSync(path)).toBe(true);
});
