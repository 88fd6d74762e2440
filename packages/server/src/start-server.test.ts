import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, configurationSchema } from '@playhouse/contract/configuration';
import { createClient } from '@playhouse/contract/routes/client';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serverPaths } from './server-paths.ts';
import { startServer } from './start-server.ts';
import { TestEngine } from './testing/test-engine.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'playhouse-'));
});
afterEach(() => rmSync(stateDirectory, { recursive: true }));

const logger = pino({ level: 'silent' });
const build = { version: '0.1.0', codeDigest: 'test' };

async function configure(): Promise<Configuration> {
  const configuration = configurationSchema.parse({ stateDirectory, server: { port: await freePort() } });
  for (const folder of ['server', 'run/server']) makeFolder(folder);
  return configuration;
}

function makeFolder(folder: string): void {
  // As `settleAsUser` does, which would also drop the privileges of the test run.
  mkdirSync(join(stateDirectory, folder), { recursive: true, mode: 0o700 });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

test('the whole server serves, keeps what it knew over a restart, and stops cleanly', async () => {
  const configuration = await configure();
  const paths = serverPaths(configuration);
  const endpoint = `http://127.0.0.1:${configuration.server.port}`;
  let server = await startServer(configuration, build, logger);
  const token = readFileSync(paths.adminToken, 'utf8').trim();
  const client = createClient({ endpoint, token });
  const engine = await TestEngine.connect(paths.linkSocket);
  await engine.next('welcome');
  const { playground } = await client('playground.start', { body: { playspec: 'debian' } });
  await server.close();
  await expect(client('system.health')).rejects.toMatchObject({ code: 'server-unreachable' });

  server = await startServer(configuration, build, logger);
  expect((await client('playground.get', { parameters: { playground: '1' } })).playground).toEqual(
    playground,
  );
  const { playspecs } = await client('playspec.list');
  expect(playspecs.filter(({ version }) => version !== 1)).toEqual([]);
  expect(playspecs.length).toBeGreaterThan(1);
  const again = await TestEngine.connect(paths.linkSocket);
  expect((await again.next('command')).command).toMatchObject({ playground: { id: playground.id } });
  await server.close();
});

test('a port or socket that is in use is told, and nothing is left open', async () => {
  const configuration = await configure();
  const first = await startServer(configuration, build, logger);
  await expect(startServer(configuration, build, logger)).rejects.toMatchObject({ code: 'socket-in-use' });
  await first.close();

  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(configuration.server.port, '127.0.0.1', resolve));
  await expect(startServer(configuration, build, logger)).rejects.toMatchObject({ code: 'port-in-use' });
  await new Promise((resolve) => taken.close(resolve));
  await (await startServer(configuration, build, logger)).close();
});
