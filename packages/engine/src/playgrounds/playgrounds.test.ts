import type { PlaygroundReport } from '@playhouse/contract/link/report';
import { access, mkdir, rmdir } from 'node:fs/promises';
import { pino } from 'pino';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test, vi } from 'vitest';
import { TaskSupervisor } from '../tasks/task-supervisor.ts';
import type { RunningMachine } from '../machines/machine-driver.ts';
import { Journal } from '../operations/journal.ts';
import { OperationReporter } from '../operations/operation-reporter.ts';
import { enginePaths } from '../system/engine-paths.ts';
import { identify } from '../system/process-identity.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { PlaygroundRecords } from './playground-record.ts';
import { Playgrounds, type Work } from './playgrounds.ts';
import type { PlayroomTools } from './playroom-tools.ts';
import type { Step } from '../operations/step.ts';
import type { StartContext } from './start/start-context.ts';
import { startSteps } from './start/start-steps.ts';

const operationId = 'f'.repeat(24);
const startLabels = startSteps.map(({ label }) => label);

function work(reporter: OperationReporter, id = sampleId, operation = operationId): Work {
  const { signal } = new AbortController();
  return { kind: 'playground.start', id, operationId: operation, reporter, signal };
}

/** A playroom on which nothing runs; `log` has what was asked of the host. Whatever is not listed fails the test. */
async function open(overrides: Partial<Record<keyof PlayroomTools, unknown>> = {}) {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  const log: string[] = [];
  const tools = {
    paths,
    records,
    settings: { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' },
    networks: { hostAddresses: () => [], unwire: async (name: string) => log.push(`unwire ${name}`) },
    cgroups: { remove: async (group: string) => log.push(`cgroup ${group}`) },
    driver: { kill: async ({ id }: { id: string }) => log.push(`kill ${id}`) },
    ...overrides,
  } as unknown as PlayroomTools;
  const told: PlaygroundReport[] = [];
  const playgrounds = new Playgrounds(tools, (report) => told.push(report), 100);
  const reporter = new OperationReporter(operationId, startLabels, new RecordingSink(), 1);
  return { paths, records, log, told, playgrounds, reporter };
}

test('a start that is repeated after all its steps were done touches nothing', async () => {
  const { paths, records, log, told, playgrounds, reporter } = await open();
  const record = samplePlayground();
  await records.save({ ...record, state: 'running' });
  // The engine died after the last step and before the final report was durable.
  const journal = await Journal.open(paths.journal(sampleId, operationId));
  for (const label of startLabels) await journal.write(label, 'done');
  await journal.close();
  await playgrounds.start(record.order, startSteps, work(reporter));
  expect(log).toEqual([]);
  expect(records.get(sampleId)?.state).toBe('running');
  expect(told.at(-1)).toMatchObject({ playgroundId: sampleId, state: 'running' });
  await access(paths.journal(sampleId, operationId));
  await playgrounds.forget({ id: sampleId, operationId });
  await expect(access(paths.journal(sampleId, operationId))).rejects.toThrow('ENOENT');
});

test('a start that fails leaves a record that says where and why', async () => {
  const { records, told, playgrounds, reporter } = await open({
    kernelInstaller: {
      ensure: async () => {
        throw Object.assign(new Error('write'), { code: 'ENOSPC' });
      },
    },
  });
  const { order } = samplePlayground();
  await expect(playgrounds.start(order, startSteps, work(reporter))).rejects.toMatchObject({
    code: 'disk-full',
  });
  expect(records.get(sampleId)).toMatchObject({
    state: 'error',
    error: { code: 'disk-full', step: 'Pulling images' },
  });
  expect(told.at(-1)?.state).toBe('error');
  expect(told.map(({ revision }) => revision)).toEqual(told.map((_, index) => 101 + index));
});

test('a suspension that cannot even be written down leaves the playground running', async () => {
  const { paths, records, told, playgrounds, reporter } = await open();
  const record = samplePlayground();
  const process = identify(globalThis.process.pid);
  const machines = record.machines.map((machine) => ({ ...machine, process }));
  await records.save({ ...record, machines, state: 'running' });
  // As on a full disk: nothing can be written any more.
  await mkdir(`${paths.playgroundRecord(sampleId)}.new`);
  await expect(playgrounds.suspend([], work(reporter))).rejects.toThrow('EISDIR');
  await playgrounds.forget({ id: sampleId, operationId });
  expect(told.at(-1)?.state).toBe('running');
});

test('a suspension that a full disk ended is known to be over by the engine that comes next', async () => {
  const { paths, records, playgrounds, reporter } = await open();
  const record = samplePlayground();
  const process = identify(globalThis.process.pid);
  const machines = record.machines.map((machine) => ({ ...machine, process }));
  await records.save({ ...record, machines, state: 'running' });
  const unwritable = `${paths.playgroundRecord(sampleId)}.new`;
  const fill: Step<StartContext> = {
    label: 'Suspending machines',
    run: async () => {
      await mkdir(unwritable);
      throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    },
  };
  await expect(playgrounds.suspend([fill], work(reporter))).rejects.toMatchObject({ code: 'disk-full' });
  await rmdir(unwritable);
  const left = new PlaygroundRecords(paths);
  await left.load();
  expect(left.get(sampleId)?.state).toBe('stopping');
  const next = await open({ records: left });
  const queue = {
    runUnasked: async (_: string, unasked: (signal: AbortSignal) => Promise<void>) =>
      await unasked(new AbortController().signal),
  };
  await next.playgrounds.keepHouse({ queue, log: pino({ level: 'silent' }) });
  expect([left.get(sampleId)?.state, next.told.at(-1)?.state]).toEqual(['running', 'running']);
});

test('playgrounds that start at the same time get different slots', async () => {
  const kernel = Promise.withResolvers<never>();
  kernel.promise.catch(() => {});
  const { records, playgrounds, reporter } = await open({
    kernelInstaller: { ensure: async () => await kernel.promise },
  });
  const ids = Array.from({ length: 20 }, (_, index) => index.toString(16).padStart(24, '0'));
  const starts = ids.map(
    async (id) => await playgrounds.start(samplePlayground(id).order, startSteps, work(reporter, id)),
  );
  const ends = Promise.allSettled(starts);
  await expect.poll(() => records.all().length).toBe(20);
  expect(new Set(records.all().map(({ slot }) => slot)).size).toBe(20);
  // None goes on when the test is over.
  kernel.reject(new Error('there is no kernel'));
  expect(new Set((await ends).map(({ status }) => status))).toEqual(new Set(['rejected']));
});

test('destroying takes everything, and what is not there is destroyed already', async () => {
  const { records, log, told, playgrounds, reporter } = await open();
  await records.save(samplePlayground());
  await playgrounds.destroy(sampleId, operationId, reporter);
  expect(log).toEqual([`kill ${sampleId}/0`, `kill ${sampleId}/1`, `cgroup ${sampleId}`, 'unwire ph1a2b-42']);
  expect(records.all()).toEqual([]);
  await playgrounds.destroy(sampleId, operationId, reporter);
  expect(told.at(-1)).toMatchObject({ state: 'destroyed', machines: [] });
  expect(log).toHaveLength(4);
});

test('machines that still run are taken up, of the others it is told that they ended', async () => {
  const process = identify(globalThis.process.pid);
  const ended = Promise.withResolvers<void>();
  const running = {
    ended: ended.promise,
    release: () => {},
    settle: async () => new Map(),
  } as unknown as RunningMachine;
  const { records, told, playgrounds } = await open({
    driver: { adopt: async ({ id }: { id: string }) => (id.endsWith('/0') ? running : null) },
  });
  const record = samplePlayground();
  const machines = record.machines.map((machine) => ({ ...machine, state: 'running' as const, process }));
  await records.save({ ...record, state: 'running', machines });
  await playgrounds.adopt();
  const states = () => told.at(-1)?.machines.map(({ state }) => state);
  expect(states()).toEqual(['running', 'stopped']);
  ended.resolve();
  await expect.poll(states).toEqual(['stopped', 'stopped']);
  expect(records.get(sampleId)?.machines[0]?.process).toBeNull();
});

test('machines of a spare playground are taken up as they stand, and its tasks wait for whoever gets it', async () => {
  const process = identify(globalThis.process.pid);
  let settled = 0;
  const running = {
    ended: new Promise<never>(() => {}),
    release: () => {},
    settle: async () => ((settled += 1), new Map()),
  } as unknown as RunningMachine;
  const { records, told, playgrounds, reporter } = await open({ driver: { adopt: async () => running } });
  const record = samplePlayground();
  const machines = record.machines.map((machine) => ({ ...machine, state: 'running' as const, process }));
  const order = { ...record.order, spare: true };
  await records.save({ ...record, order, state: 'running', machines });
  const begin = vi.spyOn(TaskSupervisor.prototype, 'begin').mockResolvedValue();
  const housekeeping = { queue: undefined as never, log: undefined as never };
  await playgrounds.adopt();
  await playgrounds.keepHouse(housekeeping);
  expect(settled).toBe(0);
  expect(told.at(-1)).toMatchObject({
    state: 'running',
    machines: [{ state: 'running' }, { state: 'running' }],
  });
  await playgrounds.start(order, [], work(reporter));
  expect(begin).not.toHaveBeenCalled();
  await playgrounds.start(record.order, [], work(reporter, undefined, 'e'.repeat(24)));
  expect(begin).toHaveBeenCalledOnce();
});

test('machines of a spare playground are not booted again after a restart of the host: it is made anew', async () => {
  const process = { pid: 1, startTime: '1', bootId: 'an earlier boot' };
  const { records, told, playgrounds } = await open({ driver: { adopt: async () => null } });
  const record = samplePlayground();
  const machines = record.machines.map((machine) => ({ ...machine, state: 'running' as const, process }));
  await records.save({ ...record, order: { ...record.order, spare: true }, state: 'running', machines });
  await playgrounds.adopt();
  // Whoever took a turn in the queue would fail here.
  await playgrounds.keepHouse({ queue: undefined as never, log: undefined as never });
  expect(told.at(-1)).toMatchObject({ machines: [{ state: 'stopped' }, { state: 'stopped' }] });
});

test('memory that does not fit is kept for its owner, and is the failure of one that has none', async () => {
  const { records, playgrounds, reporter } = await open();
  const record = samplePlayground();
  const unfit: Step<StartContext> = {
    label: 'Taking up the snapshot',
    run: async () => {
      const facts = { snapshot: 'c', playground: sampleId, detail: 'another QEMU' };
      return await Promise.reject(new PlayhouseError('memory-unfit', facts));
    },
  };
  for (const [spare, state, operation] of [
    [false, 'stopped', 'a'],
    [true, 'error', 'b'],
  ] as const) {
    const order = { ...record.order, spare };
    await records.save({ ...record, order, established: true });
    const failing = playgrounds.start(order, [unfit], work(reporter, undefined, operation.repeat(24)));
    await expect(failing).rejects.toMatchObject({ code: 'memory-unfit' });
    expect(records.get(sampleId)?.state).toBe(state);
  }
});

test('what was spare gets host keys of its own when it becomes somebody’s, and nothing else anew', async () => {
  const { records, playgrounds, reporter } = await open();
  const record = samplePlayground();
  const machines = record.machines.map((machine) => ({ ...machine, hostKey: 'ssh-ed25519 AAAA', boots: 1 }));
  await records.save({ ...record, order: { ...record.order, spare: true }, machines });
  await playgrounds.start(record.order, [], work(reporter));
  expect(records.get(sampleId)).toMatchObject({
    order: record.order,
    machines: [
      { hostKey: null, boots: 1 },
      { hostKey: null, boots: 1 },
    ],
  });
  expect(records.get(sampleId)?.order.spare).toBeUndefined();
});

test('what was cut lies on the cut, also when it was only looked at and has left no snapshot', async () => {
  const { records, playgrounds } = await open();
  const record = samplePlayground();
  expect(playgrounds.liesOnSnapshot(sampleId)).toBe(false);
  await records.save(record);
  expect(playgrounds.liesOnSnapshot(sampleId)).toBe(false);
  const machines = record.machines.map((machine) => ({
    ...machine,
    drives: machine.drives.map((drive) => ({ ...drive, layers: ['cut'] })),
  }));
  await records.save({ ...record, machines });
  expect(playgrounds.liesOnSnapshot(sampleId)).toBe(true);
});

test('unasked boots after a restart of the host leave a playground alone that is gone', async () => {
  const process = { pid: 1, startTime: '1', bootId: 'an earlier boot' };
  const { records, log, playgrounds } = await open({ driver: { adopt: async () => null } });
  const record = samplePlayground();
  const machines = record.machines.map((machine) => ({ ...machine, state: 'running' as const, process }));
  await records.save({ ...record, state: 'running', machines });
  await playgrounds.adopt();
  const turns: string[] = [];
  const queue = {
    runUnasked: async (subject: string, work: (signal: AbortSignal) => Promise<void>) => {
      turns.push(subject);
      await records.remove(subject);
      await work(new AbortController().signal);
    },
  };
  await playgrounds.keepHouse({ queue, log: undefined as never });
  expect(turns).toEqual([sampleId]);
  expect(log).toEqual([]);
});
