import { afterEach, beforeEach, expect, test } from 'vitest';
import { inventory, manifestWith, publicKey } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const reference = 'oci://127.0.0.1:5000/lab/web';
const name = `${reference}:latest`;

/** The playroom has the image from now on. */
async function pulled(): Promise<void> {
  const [official] = inventory.sources;
  if (official === undefined) throw new Error('the fixture has a source');
  const image = {
    ...official,
    name,
    kind: 'image' as const,
    imageDigest: 'sha256:a',
    sshServer: '/usr/sbin/sshd',
  };
  engine.send({ type: 'inventory', inventory: { ...inventory, sources: [official, image] } });
  await expect.poll(async () => (await server.call('source.list')).sources?.length).toBe(2);
}

test('a pull is commanded under one spelling of the reference; asking again gives the same operation', async () => {
  const first = await server.call('source.pull', { parameters: { name: reference } });
  expect(first).toMatchObject({
    status: 202,
    operation: { kind: 'source.pull', subject: { kind: 'source', name } },
  });
  const again = await server.call('source.pull', { parameters: { name } });
  expect(again.operation?.id).toBe(first.operation?.id);
  const { command } = await engine.next('command');
  expect(command).toEqual({ kind: 'source.pull', operationId: first.operation?.id, source: name });
});

test.each(['debian-12', 'oci://r.example/Upper', 'oci://r.example/a@sha256:12'])(
  '%s is not pulled',
  async (wrong) => {
    const answer = await server.call('source.pull', { parameters: { name: wrong } });
    expect(answer).toMatchObject({ status: 422, error: { code: 'reference-invalid' } });
  },
);

test('an image that was pulled is found by either spelling, cannot be baked, and is removed', async () => {
  const unknown = await server.call('source.get', { parameters: { name } });
  expect(unknown).toMatchObject({ status: 422, error: { code: 'source-unknown' } });
  await pulled();
  for (const spelling of [reference, name]) {
    const found = await server.call('source.get', { parameters: { name: spelling } });
    expect(found.source).toMatchObject({ name, kind: 'image', usedBy: [] });
  }
  const bake = await server.call('source.bake', { parameters: { name } });
  expect(bake).toMatchObject({ status: 422, error: { code: 'source-unknown' } });
  const removal = await server.call('source.remove', { parameters: { name: reference } });
  expect(removal).toMatchObject({ status: 202, operation: { kind: 'source.remove', subject: { name } } });
});

test('a start may name an image that is not here; while it uses it, the image is not removed', async () => {
  const body = {
    playspec: 'flexbox',
    manifest: manifestWith({ source: reference }),
    authorizedKeys: [publicKey],
  };
  const { playground } = await server.call('playground.start', { body });
  await pulled();
  const { source } = await server.call('source.get', { parameters: { name } });
  expect(source?.usedBy).toEqual([playground?.name]);
  const removal = await server.call('source.remove', { parameters: { name } });
  expect(removal).toMatchObject({ status: 409, error: { code: 'source-in-use' } });
  expect(removal.error?.message).toContain(playground?.name);
});

test('a credential is passed to the engine, and is not in the database', async () => {
  const credential = { registry: 'r.example:5000', username: 'me', password: 'not to be kept' };
  const answer = server.call('registry.login', { body: credential });
  const { id, question } = await engine.next('question');
  expect(question).toEqual({ kind: 'registry.login', credential });
  const registries = [{ registry: 'r.example:5000', username: 'me', since: '2026-01-01T00:00:00.000Z' }];
  engine.send({ type: 'answer', id, answer: { kind: 'registry.login', registries } });
  expect(await answer).toMatchObject({ status: 200, registries });
  expect(engine.rest.filter(({ type }) => type === 'command')).toEqual([]);
  expect((await server.call('operation.list')).operations).toEqual([]);
});

test('logging out of a registry that is not known says so', async () => {
  const answer = server.call('registry.logout', { parameters: { registry: 'r.example' } });
  const { id } = await engine.next('question');
  const error = { code: 'registry-unknown', message: 'This playroom is not logged in.', hint: 'List them.' };
  engine.send({ type: 'refusal', id, error });
  expect(await answer).toMatchObject({ status: 404, error: { code: 'registry-unknown' } });
});

test('a registry with a path or an option in its place is refused', async () => {
  for (const registry of ['r.example/a', '--help', 'a b']) {
    const answer = await server.call('registry.login', { body: { registry, username: 'me', password: 'x' } });
    expect(answer).toMatchObject({ status: 400, error: { code: 'request-invalid' } });
  }
});
