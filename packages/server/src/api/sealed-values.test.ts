// Values that were given with a start are nowhere in the server's files in plain text, whatever becomes of it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ onDisk: true });
});
afterEach(() => server.close());

const manifest = `
x-playgrounds:
  variables: { GREETING: { name: Greeting, required: true } }
services:
  web:
    build: .
    environment: { SAY: $$var__GREETING }
    labels: { playgrounds.port: 80, playgrounds.repo_url: "https://git.example.org/shop" }
`;
const wished = {
  variables: { GREETING: 'variable-secret' },
  environment: { TOKEN: 'environment-secret' },
  services: { web: { environment: { PASS: 'own-secret' }, build: { args: { KEY: 'argument-secret' } } } },
};

/** Files of the server that have a secret in them, while its store is open. */
function filesWithSecrets(): readonly string[] {
  const files = readdirSync(server.folder).filter((name) => statSync(join(server.folder, name)).isFile());
  expect(files).toContain('playhouse.db-wal');
  return files.filter((name) => readFileSync(join(server.folder, name), 'latin1').includes('-secret'));
}

test('neither while the engine is away nor when it has taken the command, with a rollout and what is saved', async () => {
  await server.call('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  const first = await server.connectEngine();
  const { playground, operation, status } = await server.call('playground.start', {
    body: { playspec: 'shop', ...wished },
  });
  expect(status).toBe(202);
  const id = playground?.id ?? '';
  // It goes without having accepted.
  await first.disconnect();
  expect(filesWithSecrets()).toEqual([]);

  const engine = await server.connectEngine();
  const { sequence, command } = await engine.next('command');
  expect(command).toMatchObject({ kind: 'services.start', playground: wished });
  engine.send({ type: 'accepted', sequence });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
  expect(filesWithSecrets()).toEqual([]);

  // A later rollout still has the build arguments; values of variables are the engine's alone.
  const parameters = { playground: id };
  const environment = { TOKEN: 'later-secret' };
  const rollout = await server.call('playground.rollout', { parameters, body: { environment } });
  expect(rollout.status).toBe(202);
  const { web } = wished.services;
  expect(await engine.nextOf('services.rollout')).toMatchObject({
    playground: { variables: {}, environment, services: { web: { build: web.build } } },
  });
  expect(filesWithSecrets()).toEqual([]);
  await engine.report({ operationId: rollout.operation?.id ?? '', revision: 1, status: 'succeeded' });

  const saved = await server.call('playspec.save', { parameters, body: { name: 'saved-shop' } });
  expect(saved.status).toBe(202);
  expect(filesWithSecrets()).toEqual([]);
  const cut = await engine.nextOf('playground.snapshot');
  await engine.report({ operationId: cut.operationId, revision: 1, status: 'succeeded' });
  const again = await server.call('playground.start', { body: { playspec: 'saved-shop', title: 'Again' } });
  expect(again.status).toBe(202);
  expect(await engine.nextOf('services.start')).toMatchObject({
    playground: { services: { web: { build: web.build } } },
  });
  expect(filesWithSecrets()).toEqual([]);
});
