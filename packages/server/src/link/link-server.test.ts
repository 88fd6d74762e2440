import { linkProtocol } from '@playhouse/contract/link/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runningMachine } from '../testing/fixtures.ts';
import { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ questionTimeoutMs: 200 });
});
afterEach(() => server.close());

/** Starts the playspec `debian`; the playground's and the operation's ids. */
async function start(): Promise<{ id: string; operationId: string }> {
  const { playground, status } = await server.call('playground.start', { body: { playspec: 'debian' } });
  expect(status).toBe(202);
  return { id: playground?.id ?? '', operationId: playground?.operationId ?? '' };
}

async function statusOf(playground: string): Promise<string | undefined> {
  return (await server.call('playground.get', { parameters: { playground } })).playground?.status;
}

test('an engine that shares no protocol version is told so and left alone', async () => {
  const engine = await TestEngine.connect(server.socketPath, { protocol: { min: 98, max: 99 } });
  const { reason } = await engine.closed();
  expect(reason).toContain('no common protocol');
  expect(server.plane.engine.connected).toBe(false);
});

test('a newer engine that also speaks our version is welcome', async () => {
  const engine = await TestEngine.connect(server.socketPath, { protocol: { min: 1, max: 99 } });
  expect(await engine.next('welcome')).toEqual({ type: 'welcome', protocol: linkProtocol.max });
});

test('a command is repeated after a reconnect until it is accepted, and not after', async () => {
  const first = await server.connectEngine();
  const { operationId } = await start();
  const command = await first.next('command');
  expect(command.command).toMatchObject({ kind: 'playground.start', operationId });
  await first.disconnect();

  const second = await server.connectEngine();
  expect(await second.next('command')).toEqual(command);
  second.send({ type: 'accepted', sequence: command.sequence });
  await second.report({ operationId, revision: 1, status: 'running' });
  await second.disconnect();

  const third = await server.connectEngine();
  await third.report({ operationId, revision: 2, status: 'running' });
  expect(third.rest).toEqual([]);
});

test('commands are sent in the order they were accepted by the API, each once per connection', async () => {
  const engine = await server.connectEngine();
  const started = [await start(), await start(), await start()];
  const commands = [await engine.next('command'), await engine.next('command'), await engine.next('command')];
  expect(commands.map(({ command }) => command.operationId)).toEqual(
    started.map(({ operationId }) => operationId),
  );
  const sequences = commands.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  expect(engine.rest).toEqual([]);
});

test('a start goes from pending over in_progress to running with its machines', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  expect(await statusOf(id)).toBe('pending');
  await engine.report({ operationId, revision: 1, status: 'running' });
  expect(await statusOf(id)).toBe('in_progress');
  await engine.reportPlayground({
    playgroundId: id,
    revision: 1,
    state: 'running',
    machines: [runningMachine()],
  });
  expect(await statusOf(id)).toBe('in_progress');
  await engine.report({ operationId, revision: 2, status: 'succeeded' });
  const { playground } = await server.call('playground.get', { parameters: { playground: id } });
  expect(playground).toMatchObject({
    status: 'running',
    machines: [{ state: 'running', edgeAddress: '127.0.0.1' }],
  });
});

test('a failed start shows its step and error; retry clears them', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  const error = { code: 'network-failed', message: 'No.', hint: 'Try.', step: 'Wiring networks' };
  await engine.report({ operationId, revision: 1, status: 'failed', error });
  const failed = await server.call('playground.get', { parameters: { playground: id } });
  expect(failed.playground).toMatchObject({ status: 'error', error });
  await engine.reportPlayground({
    playgroundId: id,
    revision: 1,
    state: 'error',
    error: { ...error, step: null },
  });
  expect((await server.call('playground.get', { parameters: { playground: id } })).playground).toMatchObject({
    error,
  });
  const retried = await server.call('playground.retry', { parameters: { playground: id } });
  expect(retried).toMatchObject({ status: 202, playground: { status: 'pending', error: null } });
  await engine.next('command');
  const { command } = await engine.next('command');
  expect(command).toMatchObject({ kind: 'playground.start', playground: { id } });
});

test('duplicate and late reports are acknowledged and change nothing', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  await engine.report({ operationId, revision: 5, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: 9,
    state: 'running',
    machines: [runningMachine()],
  });
  const before = await server.call('playground.get', { parameters: { playground: id } });
  await engine.report({ operationId, revision: 5, status: 'succeeded' });
  await engine.report({ operationId, revision: 4, status: 'running' });
  await engine.reportPlayground({ playgroundId: id, revision: 9, state: 'error' });
  await engine.reportPlayground({ playgroundId: id, revision: 3, state: 'starting' });
  expect(await server.call('playground.get', { parameters: { playground: id } })).toEqual(before);
});

test('reports about things the server does not know are acknowledged, so that the engine forgets them', async () => {
  const engine = await server.connectEngine();
  await engine.report({ operationId: 'f'.repeat(24), revision: 1, status: 'running' });
  await engine.reportPlayground({ playgroundId: 'f'.repeat(24), revision: 1, state: 'running' });
  expect(await server.call('playground.list')).toMatchObject({ playgrounds: [] });
});

test('a message that is not understood is ignored and the link lives on', async () => {
  const engine = await server.connectEngine();
  for (const text of ['{', 'null', '{"type":"dance"}', '{"type":"accepted"}']) engine.socket.send(text);
  const { operationId } = await start();
  await engine.report({ operationId, revision: 1, status: 'running' });
  expect(server.plane.engine.connected).toBe(true);
});

test('a machine that died later shows as an error, and as running when it came back', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  const died = [runningMachine({ state: 'failed' })];
  const error = { code: 'machine-died', message: 'It ended.', hint: 'Retry.', step: null };
  await engine.reportPlayground({ playgroundId: id, revision: 1, state: 'running', machines: died });
  expect(await statusOf(id)).toBe('running');
  await engine.reportPlayground({ playgroundId: id, revision: 2, state: 'error', machines: died, error });
  const broken = await server.call('playground.get', { parameters: { playground: id } });
  expect(broken.playground).toMatchObject({ status: 'error', error, machines: [{ state: 'failed' }] });
  await engine.reportPlayground({
    playgroundId: id,
    revision: 3,
    state: 'running',
    machines: [runningMachine()],
  });
  expect(await statusOf(id)).toBe('running');
});

test('destroy during a start cancels the start first; what the start still says does not matter', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  await engine.next('command');
  const destroyed = await server.call('playground.destroy', { parameters: { playground: id } });
  expect((await engine.next('command')).command).toEqual({ kind: 'operation.cancel', operationId });
  expect((await engine.next('command')).command).toMatchObject({
    kind: 'playground.destroy',
    playgroundId: id,
  });
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  expect(await statusOf(id)).toBe('destroying');
  const again = await server.call('playground.destroy', { parameters: { playground: id } });
  expect(again.operation?.id).toBe(destroyed.operation?.id);
  await engine.report({ operationId: destroyed.operation?.id ?? '', revision: 1, status: 'succeeded' });
  expect(await statusOf(id)).toBe('destroyed');
});

test('a second engine connection replaces the first', async () => {
  const first = await server.connectEngine();
  const closed = first.closed();
  const second = await server.connectEngine();
  expect((await closed).reason).toContain('replaced');
  expect(server.plane.engine.connected).toBe(true);
  const { operationId } = await start();
  expect((await second.next('command')).command.operationId).toBe(operationId);
});

test('who does not say hello first is sent away', async () => {
  const engine = new TestEngine(server.socketPath);
  await new Promise((resolve) => engine.socket.once('open', resolve));
  engine.send({ type: 'accepted', sequence: 1 });
  expect((await engine.closed()).reason).toContain('hello');
});

test('questions end with the answer, the refusal, the timeout or the end of the link', async () => {
  const engine = await server.connectEngine();
  const { id, operationId } = await start();
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  const ask = () => server.call('machine.console', { parameters: { playground: id, machine: 'debian' } });

  const answered = ask();
  const { id: first, question } = await engine.next('question');
  expect(question).toMatchObject({
    kind: 'console.read',
    playgroundId: id,
    machine: 'debian',
    boot: null,
    offset: null,
  });
  const console = { boots: [1], boot: 1, offset: 0, nextOffset: 3, content: 'abc' };
  engine.send({ type: 'answer', id: first, answer: { kind: 'console.read', console } });
  expect(await answered).toMatchObject({ status: 200, console });

  const refused = ask();
  const error = { code: 'guest-agent-silent', message: 'Silent.', hint: 'Wait.' };
  engine.send({ type: 'refusal', id: (await engine.next('question')).id, error });
  expect(await refused).toMatchObject({ status: 504, error });

  const late = ask();
  const { id: lateId } = await engine.next('question');
  expect(await late).toMatchObject({ status: 504, error: { code: 'engine-timeout' } });
  engine.send({ type: 'answer', id: lateId, answer: { kind: 'console.read', console } });

  const cut = ask();
  await engine.next('question');
  engine.socket.terminate();
  expect(await cut).toMatchObject({ status: 503, error: { code: 'engine-down' } });
});

test('the feed tells when the engine comes and goes', async () => {
  const seen: unknown[] = [];
  server.plane.feed.subscribe((event) => seen.push(event));
  const engine = await server.connectEngine();
  await engine.disconnect();
  await vi.waitFor(() => expect(server.plane.engine.connected).toBe(false));
  expect(seen).toMatchObject([
    { kind: 'engine', connected: true, sequence: 1 },
    { kind: 'engine', connected: false, sequence: 2 },
  ]);
});
