import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestWith, runningMachine } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const parameters = { playground: '1' };
const machineParameters = { playground: '1', machine: 'debian' };
const get = async () => (await server.call('playground.get', { parameters })).playground;
const reserved = async () => (await server.call('system.playroom')).playroom?.memoryReservedBytes;
let revision = 0;

/** The playspec `debian`, running as far as the engine says. */
async function running(): Promise<{ id: string; operationId: string }> {
  const { playground } = await server.call('playground.start', { body: { playspec: 'debian' } });
  const { id = '', operationId = '' } = { ...playground };
  const { sequence } = await engine.next('command');
  engine.send({ type: 'accepted', sequence });
  await engine.report({ operationId, revision: ++revision, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: ++revision,
    state: 'running',
    machines: [runningMachine()],
  });
  return { id, operationId };
}

async function stopped(): Promise<{ id: string }> {
  const { id } = await running();
  const { operation } = await server.call('playground.stop', { parameters });
  await engine.next('command');
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: ++revision,
    state: 'stopped',
    machines: [runningMachine({ state: 'stopped' })],
  });
  return { id };
}

test('a stop gives the memory back once it is over, and keeps the addresses', async () => {
  const { id } = await running();
  const before = await reserved();
  const { status, playground, operation } = await server.call('playground.stop', { parameters });
  expect(status).toBe(202);
  expect(playground).toMatchObject({ status: 'stopping', operationId: operation?.id });
  expect((await engine.next('command')).command).toEqual({
    kind: 'playground.stop',
    operationId: operation?.id,
    playgroundId: id,
    force: false,
  });
  expect(await reserved()).toBe(before);
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status: 'succeeded' });
  expect(await get()).toMatchObject({
    status: 'stopped',
    machines: [{ state: 'stopped', edgeAddress: runningMachine().edgeAddress }],
  });
  expect(await reserved()).toBe(0);
});

test('a stop is accepted while the engine is away, asking again is the same stop, and it cannot be cancelled', async () => {
  const { id } = await running();
  await engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  const first = await server.call('playground.stop', { parameters, query: { force: 'true' } });
  const second = await server.call('playground.stop', { parameters });
  expect(second.operation?.id).toBe(first.operation?.id);
  const cancelled = await server.call('operation.cancel', {
    parameters: { operation: first.operation?.id ?? '' },
  });
  expect(cancelled).toMatchObject({ status: 409, error: { code: 'operation-not-cancellable' } });
  engine = await server.connectEngine();
  expect((await engine.next('command')).command).toMatchObject({ playgroundId: id, force: true });
});

test('a stop that failed leaves an error that can be stopped again', async () => {
  await running();
  const { operation } = await server.call('playground.stop', { parameters });
  const error = { code: 'network-failed', message: 'm', hint: 'h', step: 'Removing networks' };
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status: 'failed', error });
  expect(await get()).toMatchObject({ status: 'error', error: { step: 'Removing networks' } });
  expect((await server.call('playground.stop', { parameters })).status).toBe(202);
});

test('what cannot be stopped or restarted says so', async () => {
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const state = { status: 409, error: { code: 'playground-state' } };
  expect(await server.call('playground.stop', { parameters })).toMatchObject(state);
  expect(await server.call('playground.restart', { parameters })).toMatchObject(state);
  expect(await server.call('machine.stop', { parameters: machineParameters })).toMatchObject(state);
});

test('a restart carries the whole order, and needs memory anew', async () => {
  const { id } = await stopped();
  const body = { playspec: 'flexbox', manifest: manifestWith({ ramSize: '2GiB' }) };
  const other = await server.call('playground.start', { body });
  expect(await server.call('playground.restart', { parameters })).toMatchObject({
    status: 507,
    error: { code: 'memory-budget' },
  });
  expect((await get())?.status).toBe('stopped');
  const { operation } = await server.call('playground.destroy', { parameters: { playground: '2' } });
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status: 'succeeded' });
  expect(other.status).toBe(202);

  const restarted = await server.call('playground.restart', { parameters });
  expect(restarted).toMatchObject({ status: 202, playground: { status: 'in_progress' } });
  const isRestart = (message: { type: string }) => JSON.stringify(message).includes('playground.restart');
  await expect.poll(() => engine.rest.some(isRestart)).toBe(true);
  expect(engine.rest.find(isRestart)).toMatchObject({ command: { playground: { id, number: 1 } } });
  await engine.report({
    operationId: restarted.operation?.id ?? '',
    revision: ++revision,
    status: 'succeeded',
  });
  expect((await get())?.status).toBe('running');
});

test.each(['machine.stop', 'machine.restart', 'machine.reboot'] as const)(
  '%s is an operation on the machine; the playground goes on, and shows its own operation',
  async (kind) => {
    const { id, operationId } = await running();
    const first = await server.call(kind, { parameters: machineParameters });
    expect(first).toMatchObject({
      status: 202,
      operation: { kind, subject: { kind: 'machine', id, name: 'pg-1-debian/debian' } },
      playground: { status: 'running', operationId },
    });
    const again = await server.call(kind, { parameters: machineParameters });
    expect(again.operation?.id).toBe(first.operation?.id);
    expect((await engine.next('command')).command).toMatchObject({
      kind,
      playgroundId: id,
      machine: 'debian',
    });
    await engine.report({ operationId: first.operation?.id ?? '', revision: ++revision, status: 'failed' });
    expect((await get())?.status).toBe('running');
    const { operations } = await server.call('operation.list', { query: { playground: '1' } });
    expect(operations?.map((operation) => operation.kind)).toEqual([kind, 'playground.start']);
  },
);

test('a machine that is off can be restarted and nothing else', async () => {
  const { id } = await running();
  await engine.reportPlayground({
    playgroundId: id,
    revision: ++revision,
    state: 'running',
    machines: [runningMachine({ state: 'stopped' })],
  });
  const off = { status: 409, error: { code: 'machine-not-running' } };
  expect(await server.call('machine.stop', { parameters: machineParameters })).toMatchObject(off);
  expect(await server.call('machine.reboot', { parameters: machineParameters })).toMatchObject(off);
  expect((await server.call('machine.restart', { parameters: machineParameters })).status).toBe(202);
  const unknown = await server.call('machine.stop', { parameters: { ...machineParameters, machine: 'x' } });
  expect(unknown).toMatchObject({ status: 404, error: { code: 'machine-unknown' } });
});

test('stopping or destroying a playground cancels what goes on for its machines', async () => {
  await running();
  const { operation } = await server.call('machine.restart', { parameters: machineParameters });
  await engine.next('command');
  await server.call('playground.stop', { parameters });
  expect((await engine.next('command')).command).toEqual({
    kind: 'operation.cancel',
    operationId: operation?.id,
  });
  expect((await engine.next('command')).command.kind).toBe('playground.stop');
});
