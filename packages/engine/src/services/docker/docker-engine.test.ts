import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startProgram } from '../../system/testing/start-program.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { DockerEngine } from './docker-engine.ts';

async function open() {
  const folder = await temporaryDirectory();
  const places = { dataFolder: `${folder}/data`, runFolder: `${folder}/run` };
  await mkdir(places.runFolder);
  return { engine: new DockerEngine({ ...places, which: 'own' }), ...places };
}

/** What calls itself dockerd, as an engine that died would have left it; answers after a moment. */
function startLookAlike(runFolder: string, answersAfterMs: number) {
  const program = `
    const server = require('node:http').createServer((request, response) => response.end('OK'));
    setTimeout(() => server.listen(${JSON.stringify(`${runFolder}/docker.sock`)}), ${answersAfterMs});
  `;
  const words = ['--eval', program, '--', '--pidfile', `${runFolder}/dockerd.pid`];
  return startProgram([process.execPath, ...words], 'dockerd');
}

test('one that is starting already is waited for: no second one is started beside it', async () => {
  const { engine, runFolder } = await open();
  const child = startLookAlike(runFolder, 400);
  const api = await engine.ensure();
  expect(await api.answers()).toBe(true);
  expect(child.exitCode).toBeNull();
});

test('it is ended although no file says which process it is', async () => {
  const { engine, runFolder } = await open();
  const child = startLookAlike(runFolder, 0);
  const exited = once(child, 'exit');
  await engine.ensure();
  await engine.stop();
  expect((await exited)[1]).toBe('SIGTERM');
});

test('a pid that is another’s by now is left alone', async () => {
  const { engine, runFolder } = await open();
  const innocent = startProgram(['sleep', '60']);
  await writeFile(`${runFolder}/dockerd.pid`, String(innocent.pid));
  await engine.stop();
  expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
});

test('the Docker that was there first stays the one, also when several ask for it at once', async () => {
  const { engine: own, runFolder, dataFolder } = await open();
  startLookAlike(runFolder, 0);
  await vi.waitFor(async () => expect(await own.find()).not.toBeNull(), { timeout: 5000 });
  const engine = new DockerEngine({ runFolder, dataFolder, which: 'auto' });
  const found = await Promise.all(Array.from({ length: 5 }, async () => await engine.find()));
  expect(found.every((api) => api !== null)).toBe(true);
  expect(await readFile(`${dirname(dataFolder)}/chosen`, 'utf8')).toBe('own');
});
