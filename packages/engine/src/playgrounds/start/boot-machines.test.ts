import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test } from 'vitest';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import type { MachineSpec, RunningMachine } from '../../machines/machine-driver.ts';
import { quietVoice } from '../../operations/step.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { identify } from '../../system/process-identity.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { BootSlots } from '../boot-slots.ts';
import { PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { bootMachines } from './boot-machines.ts';
import type { StartContext } from './start-context.ts';

const neverCut = {
  prepareCut: async () => await Promise.reject(new Error('nobody cuts it')),
  hold: async () => {},
  settle: async () => new Map<number, null>(),
};

/** Has one machine of a playground begin that runs already, and stands still; gives what was asked of its agent. */
async function goOn(spare: boolean): Promise<{ settled: number; asked: string[] }> {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  const sample = samplePlayground();
  const process = identify(globalThis.process.pid);
  const machineId = 'a'.repeat(32);
  const machines = sample.machines.map((machine) => ({
    ...machine,
    ...{ state: 'running' as const, process, machineId, hostKey: 'ssh-ed25519 AAAA' },
  }));
  const order = spare ? { ...sample.order, spare } : sample.order;
  await records.save({ ...sample, order, state: 'starting', machines });
  for (const name of ['web', 'db']) {
    await mkdir(paths.machine(sampleId, name), { recursive: true });
    for (const end of ['', '.pub'])
      await writeFile(`${paths.machine(sampleId, name)}/ssh_host_ed25519_key${end}`, 'key');
  }
  const asked: string[] = [];
  const agent = new Proxy(
    {},
    { get: (_, name: string) => async () => (asked.push(name), name === 'time' ? 0n : false) },
  ) as unknown as GuestAgent;
  const tools = {
    paths,
    records,
    settings: { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' },
    bootSlots: new BootSlots(1),
    snapshots: { find: () => null },
    bootTimeoutMs: () => 10_000,
    agents: {
      use: async (_: unknown, _options: unknown, work: (agent: GuestAgent) => Promise<unknown>) =>
        await work(agent),
    },
  } as unknown as PlayroomTools;
  let settled = 0;
  const running = { settle: async () => ((settled += 1), new Map()) } as unknown as RunningMachine;
  const context = {
    ...{ tools, id: sampleId, only: new Set(['web']), answering: new Map<string, Promise<void>>() },
    ...{ changed: () => {}, running: () => running, ended: async () => await new Promise(() => {}) },
  } as unknown as StartContext;
  await bootMachines.run(
    context,
    quietVoice(() => {}, new AbortController().signal),
  );
  // With nothing to knock at, it could not be waited for.
  await context.answering.get('web');
  return { settled, asked };
}

/** Boots one machine that writes `says` to its console and restarts itself, `failures` times, before it comes up. */
async function bootAfter(
  failures: number,
  says: string,
  loseAgent = false,
  hangs = false,
): Promise<{ boots: number; lines: string[]; killed: number; patience: number[] }> {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  await records.save({ ...samplePlayground(), state: 'starting' });
  let [boots, killed] = [0, 0];
  const patience: number[] = [];
  const up = () => boots > failures;
  const tools = {
    paths,
    records,
    settings: { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' },
    bootSlots: new BootSlots(1),
    kernels: { files: async () => ({}) },
    commandLine: () => '',
    bootTimeoutMs: () => 10_000,
    driver: {
      kill: async () => void (killed += 1),
      start: async ({ consoleLog }: MachineSpec): Promise<RunningMachine> => {
        boots += 1;
        await mkdir(consoleLog.slice(0, consoleLog.lastIndexOf('/')), { recursive: true });
        await writeFile(consoleLog, up() ? '' : `${says}\n`);
        const ended = up() || hangs ? new Promise<never>(() => {}) : setTimeout(20, 'reset' as const);
        return {
          handle: { process: { pid: 0, startTime: '0', bootId: 'b' } },
          ended,
          release: () => {},
          ...neverCut,
        };
      },
    },
    agents: {
      hangUp: () => {},
      use: async (_place: unknown, { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number }) => {
        patience.push(Math.round(timeoutMs));
        if (up()) return { sshRestarts: false };
        if (loseAgent) throw new PlayhouseError('guest-agent-silent', { machine: 'db', seconds: 300 });
        return await new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    },
  } as unknown as PlayroomTools;
  const watched = new Map<string, RunningMachine>();
  const context: StartContext = {
    tools,
    tasks: undefined as never,
    id: sampleId,
    only: new Set(['db']),
    answering: new Map(),
    changed: () => {},
    watch: (name, running) => void watched.set(name, running),
    ended: async (name) => await watched.get(name)?.ended,
    running: () => undefined,
    expectEnd: () => {},
    unwatch: () => {},
  };
  const lines: string[] = [];
  await bootMachines.run(
    context,
    quietVoice((line) => lines.push(line), new AbortController().signal),
  );
  return { boots, lines, killed, patience };
}

test('a machine whose kernel found no timer is booted again until it has one', async () => {
  const { boots, lines } = await bootAfter(2, 'playhouse: restarting: the kernel found no timer');
  expect(boots).toBe(3);
  expect(lines).toEqual(Array.from({ length: 2 }, () => 'db: its kernel found no timer; booting it again'));
});

test('one that never has a timer is given up in the end, and one that ends for another reason at once', async () => {
  const never = bootAfter(99, 'playhouse: restarting: the kernel found no timer');
  await expect(never).rejects.toMatchObject({ code: 'machine-died' });
  await expect(bootAfter(1, 'Kernel panic')).rejects.toMatchObject({ code: 'machine-died' });
});

test('of one that dies it is said that it died, though its agent is missed first', async () => {
  await expect(bootAfter(1, 'Kernel panic', true)).rejects.toMatchObject({
    code: 'machine-died',
    message: expect.stringContaining('Kernel panic') as string,
  });
});

test('one that hangs is killed and begun again once, and waited for in full then', async () => {
  const [once, twice] = await Promise.allSettled([
    bootAfter(1, '', true, true),
    bootAfter(2, '', true, true),
  ]);
  expect(once).toMatchObject({
    value: {
      ...{ boots: 2, killed: 1, lines: ['db: it does not answer; booting it again'] },
      patience: [3333, 10_000],
    },
  });
  expect(twice).toMatchObject({ reason: { code: 'guest-agent-silent' } });
});

test('a machine that stands by goes on, as whoever got it, and its SSH server is not waited for', async () => {
  const { settled, asked } = await goOn(false);
  expect(settled).toBe(1);
  expect(asked).toEqual(expect.arrayContaining(['setTime', 'reseed', 'writeFile', 'authorize']));
});

test('while it is made ready for anybody it is given no identity', async () => {
  const { asked } = await goOn(true);
  expect(asked.toSorted()).toEqual(['reseed', 'setTime']);
});
