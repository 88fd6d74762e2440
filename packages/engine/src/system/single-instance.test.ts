import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { claim } from './single-instance.ts';

test('a second claim is refused', async () => {
  const socket = `${await temporaryDirectory()}/lock`;
  await claim(socket);
  await expect(claim(socket)).rejects.toMatchObject({ code: 'socket-in-use' });
});

test('the socket of a process that was killed is replaced', async () => {
  const socket = `${await temporaryDirectory()}/lock`;
  const script = "require('node:net').createServer().listen(process.argv[1], () => console.log('up'))";
  const child = spawn(process.execPath, ['-e', script, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(claim(socket)).rejects.toMatchObject({ code: 'socket-in-use' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await stat(socket)).isSocket()).toBe(true);
  await claim(socket);
  await expect(claim(socket)).rejects.toMatchObject({ code: 'socket-in-use' });
});

test('a folder that is not there is its own error', async () => {
  await expect(claim(`${await temporaryDirectory()}/none/lock`)).rejects.toThrow('ENOENT');
});
