import { afterEach, beforeEach, expect, test } from 'vitest';
import { inventory, manifestWith, publicKey, runningMachine } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer({ playgroundLimit: 3 });
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const nothingMade = async () => {
  expect((await server.call('playground.list', { query: { all: 'true' } })).playgrounds).toEqual([]);
  expect((await server.call('operation.list')).operations).toEqual([]);
  expect(engine.rest).toEqual([]);
};

test('a start answers with what the manifest says of the machines, defaults filled in', async () => {
  const body = {
    playspec: 'flexbox',
    manifest: manifestWith({}),
    title: 'My Lab #2',
    authorizedKeys: [publicKey],
  };
  const { status, playground, operation } = await server.call('playground.start', { body });
  expect(status).toBe(202);
  expect(playground).toMatchObject({
    number: 1,
    slug: 'my-lab-2',
    name: 'pg-1-my-lab-2',
    title: 'My Lab #2',
    playspec: { name: 'flexbox', version: 1 },
    status: 'pending',
    operationId: operation?.id,
  });
  expect(playground?.machines).toEqual([
    {
      ...runningMachine(),
      name: 'box',
      state: 'pending',
      edgeAddress: null,
      users: ['laborant'],
      drives: [
        {
          device: '/dev/vda',
          sizeBytes: 10 * 1024 ** 3,
          source: 'debian-12',
          filesystem: 'ext4',
          mount: '/',
          readOnly: false,
        },
      ],
    },
  ]);
  const { command } = await engine.next('command');
  expect(command).toMatchObject({ playground: { number: 1, slug: 'my-lab-2', authorizedKeys: [publicKey] } });
});

test('a start is answered with a note for each field that has no effect, at its place', async () => {
  const manifest = `${manifestWith({})}  tabs: [{ kind: terminal }]\n  access: { mode: public }\n`;
  const body = { playspec: 'flexbox', manifest, manifestFile: 'lab.yaml' };
  const { status, notes } = await server.call('playground.start', { body });
  expect(status).toBe(202);
  expect(notes?.map(({ code, file, line, path }) => ({ code, file, line, path }))).toEqual([
    { code: 'manifest-ignored', file: 'lab.yaml', line: 10, path: 'playground.tabs' },
    { code: 'manifest-ignored', file: 'lab.yaml', line: 11, path: 'playground.accessControl' },
  ]);
  expect((await server.call('playground.start', { body: { playspec: 'debian' } })).notes).toEqual([]);
});

test('a field that cannot be run is refused by name, notes or not', async () => {
  const manifest = `${manifestWith({})}  registryAuth: 'a:b'\n  tabs: [{ kind: terminal }]\n`;
  const { status, error } = await server.call('playground.start', {
    body: { playspec: 'flexbox', manifest },
  });
  expect(status).toBe(422);
  expect(error?.problems).toMatchObject([{ code: 'manifest-unsupported', path: 'playground.registryAuth' }]);
  await nothingMade();
});

test('numbers are never used again', async () => {
  const first = await server.call('playground.start', { body: { playspec: 'debian' } });
  await server.call('playground.destroy', { parameters: { playground: '1' } });
  await engine.reportPlayground({
    playgroundId: first.playground?.id ?? '',
    revision: 1,
    state: 'destroyed',
  });
  expect((await server.call('playground.start', { body: { playspec: 'debian' } })).playground?.number).toBe(
    2,
  );
});

test('a destroyed playground can still be read, by every name it has', async () => {
  const { playground } = await server.call('playground.start', { body: { playspec: 'debian' } });
  const { operation } = await server.call('playground.destroy', { parameters: { playground: '1' } });
  const { operationId = '' } = { operationId: playground?.operationId };
  await engine.report({ operationId, revision: 1, status: 'cancelled' });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
  for (const reference of ['1', 'pg-1-debian', playground?.id ?? '']) {
    const found = await server.call('playground.get', { parameters: { playground: reference } });
    expect(found.playground).toMatchObject({ status: 'destroyed', error: null });
  }
  expect((await server.call('playground.list')).playgrounds).toEqual([]);
  expect((await server.call('playground.list', { query: { all: 'true' } })).playgrounds).toHaveLength(1);
  const again = await server.call('playground.destroy', { parameters: { playground: '1' } });
  expect(again).toMatchObject({ status: 409, error: { code: 'playground-state' } });
});

test('manifest and machines can be read', async () => {
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const { manifest } = await server.call('playground.manifest', { parameters: { playground: '1' } });
  expect(manifest).toContain('ramSize: 512MiB');
  const { machines } = await server.call('playground.machines', { parameters: { playground: '1' } });
  expect(machines).toHaveLength(1);
});

test.each([
  ['an unknown playspec', { playspec: 'debain' }, 404, 'playspec-unknown', 'did you mean `debian`'],
  ['a playspec without machines alone', { playspec: 'flexbox' }, 422, 'manifest-invalid', ''],
  ['text that is no YAML', { playspec: 'flexbox', manifest: '{' }, 422, 'manifest-invalid', ''],
  [
    'an unknown source',
    { playspec: 'flexbox', manifest: manifestWith({ source: 'debian-21' }) },
    422,
    'source-unknown',
    'did you mean `debian-12`',
  ],
  [
    'an unknown kernel',
    { playspec: 'flexbox', manifest: manifestWith({ kernel: '6.11' }) },
    422,
    'kernel-unknown',
    '6.1',
  ],
  [
    'too much memory',
    { playspec: 'flexbox', manifest: manifestWith({ ramSize: '3GiB' }) },
    507,
    'memory-budget',
    '',
  ],
])('%s is refused and nothing is made', async (_name, body, status, code, hint) => {
  const refused = await server.call('playground.start', { body });
  expect(refused).toMatchObject({ status, error: { code } });
  expect(refused.error?.hint).toContain(hint);
  await nothingMade();
});

test('every fault of a manifest is located, in the file the user named', async () => {
  const manifest = manifestWith({ source: 'nope', kernel: 'nope' });
  const body = { playspec: 'flexbox', manifest, manifestFile: 'lab.yaml' };
  const { error } = await server.call('playground.start', { body });
  expect(error?.problems?.map(({ code, file, line, path }) => ({ code, file, line, path }))).toEqual([
    { code: 'source-unknown', file: 'lab.yaml', line: 7, path: 'playground.machines[0].drives[0].source' },
    { code: 'kernel-unknown', file: 'lab.yaml', line: 6, path: 'playground.machines[0].kernel' },
  ]);
});

test('the memory budget holds when many ask at the same time', async () => {
  const { api, token } = server;
  const body = { playspec: 'flexbox', manifest: manifestWith({ ramSize: '1GiB' }) };
  const headers = { authorization: `Bearer ${token}` };
  const request = () => api.inject({ method: 'POST', url: '/api/playgrounds', headers, body });
  const codes = (await Promise.all([request(), request(), request(), request()])).map(
    ({ statusCode }) => statusCode,
  );
  expect(codes.toSorted((one, other) => one - other)).toEqual([202, 202, 507, 507]);
  const { playroom } = await server.call('system.playroom');
  expect(playroom?.memoryReservedBytes).toBe(inventory.memoryBudgetBytes);
});

test('the playground limit is told', async () => {
  for (const _ of [1, 2, 3]) await server.call('playground.start', { body: { playspec: 'debian' } });
  const refused = await server.call('playground.start', { body: { playspec: 'debian' } });
  expect(refused).toMatchObject({ status: 429, error: { code: 'playground-limit' } });
});

test('only a playground in error can be retried', async () => {
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const refused = await server.call('playground.retry', { parameters: { playground: '1' } });
  expect(refused).toMatchObject({ status: 409, error: { code: 'playground-state' } });
});

test('while the engine is away, reading works, starting is refused and destroying is kept for later', async () => {
  const { playground } = await server.call('playground.start', { body: { playspec: 'debian' } });
  const { sequence } = await engine.next('command');
  engine.send({ type: 'accepted', sequence });
  const { id = '', operationId = '' } = { ...playground };
  await engine.report({ operationId, revision: 1, status: 'failed' });
  await engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);

  expect((await server.call('playground.list')).playgrounds).toHaveLength(1);
  expect((await server.call('source.list')).sources).toHaveLength(1);
  expect((await server.call('system.playroom')).playroom).toMatchObject({ connected: false, cpuCount: 2 });
  const down = { status: 503, error: { code: 'engine-down' } };
  expect(await server.call('playground.start', { body: { playspec: 'debian' } })).toMatchObject(down);
  expect(await server.call('playground.retry', { parameters: { playground: id } })).toMatchObject(down);
  expect(await server.call('source.bake', { parameters: { name: 'debian-12' } })).toMatchObject(down);
  const machine = { playground: id, machine: 'debian' };
  expect(await server.call('machine.console', { parameters: machine })).toMatchObject(down);
  expect(await server.call('playground.destroy', { parameters: { playground: id } })).toMatchObject({
    status: 202,
  });

  engine = await server.connectEngine();
  expect((await engine.next('command')).command).toMatchObject({
    kind: 'playground.destroy',
    playgroundId: id,
  });
});

test('ssh asks the engine of a running machine only', async () => {
  const { playground } = await server.call('playground.start', { body: { playspec: 'debian' } });
  const { id = '', operationId = '' } = { ...playground };
  const ssh = (machine: string) =>
    server.call('machine.ssh', { parameters: { playground: '1', machine }, body: { publicKey } });
  expect(await ssh('debian')).toMatchObject({ status: 409, error: { code: 'machine-not-running' } });
  expect(await ssh('debain')).toMatchObject({ status: 404, error: { code: 'machine-unknown' } });
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: 1,
    state: 'running',
    machines: [runningMachine()],
  });
  const asked = ssh('debian');
  const { id: questionId, question } = await engine.next('question');
  expect(question).toEqual({
    kind: 'ssh.authorize',
    playgroundId: id,
    machine: 'debian',
    user: null,
    publicKey,
  });
  const access = { user: 'laborant', address: '100.64.0.2', port: 22, hostKey: 'ssh-ed25519 AAAA' };
  engine.send({ type: 'answer', id: questionId, answer: { kind: 'ssh.authorize', access } });
  expect(await asked).toMatchObject({ status: 200, access });
});
