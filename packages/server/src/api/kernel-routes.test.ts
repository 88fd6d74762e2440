import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { inventory } from '../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
const origin = { kind: 'deb', path: '/srv/linux-image.deb' } as const;
const kernel = { release: '6.1.0', installed: true, digest: null, origin: null, sizeBytes: null };

beforeEach(async () => {
  server = await startTestServer();
  const kernels = [
    { ...kernel, name: '6.1', official: true },
    { ...kernel, name: '6.12', official: true, installed: false },
    { ...kernel, name: 'mine', official: false, origin },
  ];
  engine = await server.connectEngine();
  engine.send({ type: 'inventory', inventory: { ...inventory, kernels } });
  await vi.waitUntil(async () => (await server.call('kernel.list')).kernels?.length === kernels.length);
});
afterEach(() => server.close());

test('adding a kernel is an operation of the engine, and one that comes with Playhouse needs no origin', async () => {
  const added = await server.call('kernel.add', { body: { name: 'own', origin } });
  expect(added).toMatchObject({
    status: 202,
    operation: { kind: 'kernel.add', subject: { kind: 'kernel', id: 'own' } },
  });
  expect((await engine.next('command')).command).toMatchObject({ kind: 'kernel.add', kernel: 'own', origin });
  const official = await server.call('kernel.add', { body: { name: '6.12' } });
  expect((await engine.next('command')).command).toMatchObject({
    kind: 'kernel.add',
    kernel: '6.12',
    origin: null,
  });
  const again = await server.call('kernel.add', { body: { name: '6.12' } });
  expect(again.operation?.id).toBe(official.operation?.id);
});

test('an unknown kernel cannot be added without an origin, an official one not with one', async () => {
  const unknown = await server.call('kernel.add', { body: { name: '6.21' } });
  expect(unknown).toMatchObject({ status: 422, error: { code: 'kernel-unknown' } });
  expect(unknown.error?.hint).toMatch(/6\.1, 6\.12 \(did you mean `6\.12?`\?\)/);
  const reserved = await server.call('kernel.add', { body: { name: '6.12', origin } });
  expect(reserved).toMatchObject({ status: 409, error: { code: 'kernel-name-reserved' } });
});

test.each([
  ['a name that would leave its folder', { name: '../x', origin }],
  ['a relative path', { name: 'x', origin: { kind: 'deb', path: 'linux.deb' } }],
  [
    'a package name that is an option',
    { name: 'x', origin: { kind: 'package', package: '-o=x', suite: 'trixie' } },
  ],
  [
    'a suite with a space',
    { name: 'x', origin: { kind: 'package', package: 'linux', suite: 'a [trusted=yes]' } },
  ],
])('%s is refused', async (_what, body) => {
  const refused = await server.call('kernel.add', { body } as never);
  expect(refused).toMatchObject({ status: 400, error: { code: 'request-invalid' } });
});

test('a kernel is removed unless it is unknown, the default, or used', async () => {
  const remove = async (name: string) => await server.call('kernel.remove', { parameters: { name } });
  expect(await remove('min')).toMatchObject({ status: 422, error: { code: 'kernel-unknown' } });
  expect(await remove('6.1')).toMatchObject({ status: 409, error: { code: 'kernel-is-default' } });
  const machine =
    '{name: vm, kernel: mine, users: [{name: root}], drives: [{source: debian-12, mount: /}], network: {interfaces: [{network: local}]}}';
  const manifest = `kind: playground
playground: {machines: [${machine}]}`;
  const started = await server.call('playground.start', { body: { playspec: 'flexbox', manifest } });
  const used = await remove('mine');
  expect(used).toMatchObject({ status: 409, error: { code: 'kernel-in-use' } });
  expect(used.error?.message).toContain(started.playground?.name);
  expect(await remove('6.12')).toMatchObject({ status: 202, operation: { kind: 'kernel.remove' } });
});
