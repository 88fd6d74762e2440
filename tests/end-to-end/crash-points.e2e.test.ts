// `kill -9` of engine and server at every boundary: nothing is lost, and nothing is left after destroy.
import { readdir, readFile } from 'node:fs/promises';
import type { Operation } from '@playhouse/contract/operation';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { crashPointsOf } from '../../packages/engine/src/crash-points.ts';
import { serverCrashPoints } from '../../packages/server/src/crash-point.ts';
import { Installation } from './support/installation.ts';
import { smallMachine } from './support/small-machine.ts';

const withTask = `${smallMachine}  initTasks:
    note: { init: true, run: 'echo run >> /root/runs' }
`;
const withBlankDrive = withTask.replace('mount: / }]', 'mount: / }, { size: 1GiB, mount: /data }]');

const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = resources.use(await Installation.create());
  await installation.startServer();
});
afterAll(async () => await resources.disposeAsync());
beforeEach(async () => await installation.engine?.kill());

/** Brings the engine up so that it dies at `point`, does `action`, waits for the death, and brings it up again if wanted. */
async function dieAt<T>(point: string, action: () => Promise<T>, upAgain = true): Promise<T> {
  await installation.engine?.kill();
  const engine = await installation.startEngine({ PLAYHOUSE_CRASH_POINT: point });
  const result = await action();
  expect(await engine.exited, `the engine passed ${point}`).toBe('SIGKILL');
  if (upAgain) await installation.startEngine();
  return result;
}

/**
 * Has one operation pass all its boundaries, dying at each: every engine takes up what the one before left, so one boot is
 * enough for all of them.
 */
async function dieAtEach(
  kind: string,
  begin: () => Promise<{ readonly operation: Operation }>,
): Promise<Operation> {
  // Steps of a single machine are those of its playground: one death between two of them is enough.
  const points = crashPointsOf(kind).filter(
    (point, at) => at === 0 || !kind.startsWith('machine.') || point.endsWith('/done'),
  );
  expect(points.length).toBeGreaterThan(2);
  const [first = '', ...rest] = points;
  const { operation } = await dieAt(first, begin, false);
  for (const point of rest) {
    const engine = installation.service('engine', { PLAYHOUSE_CRASH_POINT: point });
    expect(await engine.exited, `the engine passed ${point}`).toBe('SIGKILL');
  }
  await installation.startEngine();
  return await installation.ended(operation.id);
}

test('the engine dies at each boundary of start, stop, restart and destroy, also of one machine’s: nothing is lost, nothing left', async () => {
  const client = await installation.client();
  const well = { status: 'succeeded', error: null };
  const parameters = { playground: '' };
  const started = await dieAtEach('playground.start', async () => {
    const accepted = await installation.start(withBlankDrive);
    parameters.playground = accepted.playground.id;
    return accepted;
  });
  expect(started).toMatchObject(well);
  const running = await installation.playground(parameters.playground);
  expect(running).toMatchObject({ status: 'running', machines: [{ state: 'running' }] });
  const address = running.machines[0]?.edgeAddress ?? '';
  expect((await installation.ssh(address, 'root', 'echo kept | tee note > /data/note')).code).toBe(0);
  const drives = await readdir(`${installation.state}/playgrounds/${parameters.playground}/machines/vm`);
  expect(drives.filter((name) => /qcow2|raw/.test(name)).toSorted()).toEqual(['drive1.qcow2', 'root.qcow2']);

  const machine = async (kind: 'machine.stop' | 'machine.restart' | 'machine.reboot') => {
    const request = { parameters: { ...parameters, machine: 'vm' } };
    expect(await dieAtEach(kind, async () => await client(kind, request))).toMatchObject(well);
    return await installation.playground(parameters.playground);
  };
  expect(await machine('machine.stop')).toMatchObject({
    status: 'running',
    machines: [{ state: 'stopped' }],
  });
  for (const kind of ['machine.restart', 'machine.reboot'] as const) {
    expect(await machine(kind)).toMatchObject({ status: 'running', machines: [{ state: 'running' }] });
    expect((await installation.ssh(address, 'root', 'cat note')).stdout, kind).toBe('kept\n');
  }
  // The guest was rebooted once, not once for each engine.
  const boots = await installation.cli('machine', 'console', parameters.playground, 'vm', '--boots');
  expect(boots.stdout).toBe('1\n2\n3\n');

  expect(
    await dieAtEach('playground.stop', async () => await client('playground.stop', { parameters })),
  ).toMatchObject(well);
  expect(await installation.playground(parameters.playground)).toMatchObject({ status: 'stopped' });
  const left = async () => (await installation.hostObjects()).filter((name) => !name.startsWith('journal'));
  expect(await left()).toEqual([parameters.playground]);

  expect(
    await dieAtEach('playground.restart', async () => await client('playground.restart', { parameters })),
  ).toMatchObject(well);
  expect(await installation.playground(parameters.playground)).toMatchObject({
    status: 'running',
    machines: [{ state: 'running', edgeAddress: address }],
  });
  // The engine died after the task had succeeded, not while it ran.
  expect((await installation.ssh(address, 'root', 'cat note runs /data/note')).stdout).toBe(
    'kept\nrun\nkept\n',
  );

  expect(
    await dieAtEach('playground.destroy', async () => await client('playground.destroy', { parameters })),
  ).toMatchObject(well);
  expect((await installation.playground(parameters.playground)).status).toBe('destroyed');
  expect(await installation.leftovers()).toEqual([]);
}, 900_000);

test('the engine dies at each boundary and in the middle of a cut and a suspension: machines go on, whatever they were at', async () => {
  await installation.startEngine();
  const client = await installation.client();
  const well = { status: 'succeeded', error: null };
  const { playground, operation } = await installation.start(withTask);
  expect(await installation.ended(operation.id)).toMatchObject(well);
  const parameters = { playground: playground.id };
  const address = (await installation.playground(playground.id)).machines[0]?.edgeAddress ?? '';
  const remember = 'echo note > note; sleep 10000 </dev/null >/dev/null 2>&1 & echo $! > /run/sleeper';
  expect((await installation.ssh(address, 'root', remember)).code).toBe(0);
  const recall = async () =>
    (await installation.ssh(address, 'root', 'cat note; kill -0 $(cat /run/sleeper) && echo alive')).stdout;

  const cut = async () => await client('playground.snapshot', { parameters, body: {} });
  expect(await dieAtEach('playground.snapshot', cut)).toMatchObject(well);
  expect(await recall()).toBe('note\nalive\n');

  const suspend = async () => await client('playground.suspend', { parameters });
  expect(await dieAtEach('playground.suspend', suspend)).toMatchObject(well);
  expect(await installation.playground(playground.id)).toMatchObject({ status: 'stopped', suspended: true });
  expect(await installation.machineProcesses()).toEqual([]);

  const restart = async () => await client('playground.restart', { parameters });
  expect(await dieAtEach('playground.restart', restart)).toMatchObject(well);
  expect(await recall()).toBe('note\nalive\n');
  await installation.destroy(playground.id);
  expect(await installation.leftovers()).toEqual([]);
}, 600_000);

test('a start that fails is undone even when the engine dies while undoing; retry then works', async () => {
  await installation.configure('bootTimeoutSeconds: 1');
  const label = 'Booting machines';
  const { playground, operation } = await dieAt(
    `playground.start/${label}/failed`,
    async () => await installation.start(smallMachine),
  );
  expect(await installation.ended(operation.id)).toMatchObject({
    status: 'failed',
    error: { step: label, code: 'guest-agent-silent' },
  });
  expect(await installation.playground(playground.id)).toMatchObject({
    status: 'error',
    error: { step: label },
  });
  expect((await installation.hostObjects()).filter((name) => name !== playground.id)).toEqual([]);

  await installation.configure();
  await installation.engine?.kill();
  await installation.startEngine();
  const client = await installation.client();
  const retried = await client('playground.retry', { parameters: { playground: playground.id } });
  expect(await installation.ended(retried.operation.id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.destroy(playground.id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
});

const wayPoints = serverCrashPoints.filter((point) => !point.endsWith('-committed'));

/** As dieAtEach, for the server. The answer to `action` may be lost with the first; what it had committed is not. */
async function serverDiesAtEach(deaths: readonly string[], action: () => Promise<unknown>): Promise<void> {
  const [first = '', ...later] = deaths;
  await installation.server?.kill();
  const server = await installation.startServer({ PLAYHOUSE_CRASH_POINT: first });
  await action().catch(() => null);
  expect(await server.exited, `the server passed ${first}`).toBe('SIGKILL');
  for (const point of later) {
    installation.server = installation.service('server', { PLAYHOUSE_CRASH_POINT: point });
    expect(await installation.server.exited, `the server passed ${point}`).toBe('SIGKILL');
  }
  await installation.startServer();
}

test(`the server dies at each of ${wayPoints.length + 1} places of a start: the playground runs`, async () => {
  await installation.startEngine();
  const before = new Set((await list()).map(({ id }) => id));
  const start = async () => await installation.start(smallMachine);
  await serverDiesAtEach(['start-committed', ...wayPoints], start);
  const made = (await list()).find(({ id }) => !before.has(id));
  expect(made, 'the playground was committed').toBeDefined();
  if (!made) return;
  expect(await installation.ended(made.operationId)).toMatchObject({ status: 'succeeded' });
  expect((await installation.playground(made.id)).status).toBe('running');
  await installation.destroy(made.id);
  expect(await installation.leftovers()).toEqual([]);
});

// A destroy is over in a moment: a third death might come too late for it.
test.each(wayPoints)(
  'the server dies at destroy-committed and at %s while a playground that still starts is destroyed: it goes without a trace',
  async (point) => {
    await installation.startEngine();
    const { playground, operation } = await installation.start(smallMachine);
    await installation.untilBegun(operation.id);
    await serverDiesAtEach(['destroy-committed', point], async () => {
      const client = await installation.client();
      await client('playground.destroy', { parameters: { playground: playground.id } });
    });
    const { operationId } = await installation.playground(playground.id);
    expect(await installation.ended(operationId)).toMatchObject({
      kind: 'playground.destroy',
      status: 'succeeded',
    });
    expect(await installation.leftovers()).toEqual([]);
  },
);

test('a server that dies after each single report it stores has the whole story in the end', async () => {
  await installation.startEngine();
  const { playground, operation } = await installation.start(smallMachine);
  await installation.server?.kill();
  const accepted = `${installation.state}/engine/operations/${operation.id}.json`;
  let deaths = 0;
  // A stored report that was not acknowledged comes again: twice more when it is the last.
  for (let afterTheLast = 0; afterTheLast < 3; deaths++) {
    const server = installation.service('server', { PLAYHOUSE_CRASH_POINT: 'operation-report-stored' });
    expect(await server.exited).toBe('SIGKILL');
    const { report } = JSON.parse(await readFile(accepted, 'utf8')) as { report: unknown };
    if (report !== null) afterTheLast++;
  }
  expect(deaths).toBeGreaterThan(3);
  await installation.startServer();
  expect(await installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  expect((await installation.playground(playground.id)).status).toBe('running');
  expect(await installation.destroy(playground.id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
});

async function list() {
  const client = await installation.client();
  return (await client('playground.list')).playgrounds;
}
