import { afterEach, expect, test } from 'vitest';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { AgentWork, UseOptions } from '../../guest/agent-pool.ts';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import { identify, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { startDetached } from '../../system/start-detached.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { planPlayground } from '../playground-plan.ts';
import { type Manner, manners, shutDown, type StopContext } from './shut-down.ts';

const living: ProcessIdentity[] = [];
afterEach(async () => {
  for (const process of living.splice(0)) await killAndWait(process);
});

/** A process in the place of a machine’s. */
async function startProcess(): Promise<ProcessIdentity> {
  const log = `${await temporaryDirectory()}/log`;
  const { pid } = await startDetached(['sleep', '60'], log);
  const process = identify(pid ?? 0);
  if (!process) throw new Error('no process');
  living.push(process);
  return process;
}

/** Shuts a machine down whose agent does what `exec` says; `log` has what happened in its order. */
async function attempt(
  manner: Manner,
  exec: (process: ProcessIdentity) => Promise<{ exitCode: number | null; signal: number | null }>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly silent?: boolean } = {},
) {
  const log: string[] = [];
  const said: string[] = [];
  const process = await startProcess();
  const agent = {
    sync: async () => void log.push('sync'),
    exec: async ({ argv }: { argv: readonly string[] }) => {
      log.push(argv.join(' '));
      return await exec(process);
    },
  } as unknown as GuestAgent;
  const record = samplePlayground();
  const context = {
    id: sampleId,
    tools: {
      paths: enginePaths({ stateDirectory: '/nowhere' }),
      shutdownTimeoutMs: () => options.timeoutMs ?? 20_000,
      agents: {
        use: async (_: object, limits: UseOptions, work: AgentWork<void>) => {
          if (options.silent) throw new PlayhouseError('guest-agent-silent', { machine: 'web', seconds: 1 });
          limits.signal?.addEventListener('abort', () => log.push('given up'));
          await work(agent, limits.signal ?? new AbortController().signal);
        },
        hangUp: () => log.push('hang up'),
      },
      driver: {
        kill: async () => {
          log.push('kill');
          await killAndWait(process);
        },
      },
      records: {
        saveMachine: async (_: string, name: string, change: object) =>
          log.push(`${name} ${JSON.stringify(change)}`),
      },
    },
    changed: () => {},
    expectEnd: (name: string) => log.push(`expect the end of ${name}`),
    unwatch: (name: string) => log.push(`unwatch ${name}`),
  } as unknown as StopContext;
  const [machine] = planPlayground(record, { devices: 'ph', edgeRange: '100.64.0.0/16' }).machines;
  const [known] = record.machines;
  if (!machine || !known) throw new Error('no machine');
  const signal = options.signal ?? new AbortController().signal;
  const voice = { signal, detail: () => {}, progress: () => {}, log: (line: string) => said.push(line) };
  const outcome = shutDown(context, machine, { ...known, process }, manner, voice);
  await outcome.catch(() => {});
  return { log, said, outcome };
}

const obey = async (process: ProcessIdentity) => {
  await killAndWait(process);
  return { exitCode: 0, signal: null };
};
const ignore = async () => ({ exitCode: 0, signal: null });
const off = 'web {"process":null,"state":"stopped"}';

test('an orderly end: drives are written, the guest powers off, then its things are taken back', async () => {
  const { log, said } = await attempt(manners.orderly, obey);
  expect(log).toEqual(['expect the end of web', 'sync', 'poweroff', 'unwatch web', 'hang up', 'kill', off]);
  expect(said).toEqual([]);
});

test('a guest that takes its agent along before that could answer has obeyed', async () => {
  const { log, said } = await attempt(manners.reboot, async (process) => {
    await killAndWait(process);
    throw new PlayhouseError('guest-agent-silent', { machine: 'web', seconds: 0 });
  });
  expect(log).toEqual(['expect the end of web', 'sync', 'reboot', 'unwatch web', 'hang up', 'kill', off]);
  expect(said).toEqual([]);
});

test.each([
  ['ignores it', ignore, {}, 'did not shut down within 0.3 s'],
  ['cannot do it', async () => ({ exitCode: 1, signal: null }), {}, 'it ended with 1.'],
  ['does not answer', ignore, { silent: true }, 'did not answer'],
] as const)('the power of a guest that %s is cut, and it is said why', async (_, exec, more, reason) => {
  const { log, said } = await attempt(manners.orderly, exec, { timeoutMs: 300, ...more });
  expect(log.slice(-2)).toEqual(['kill', off]);
  expect(said).toEqual([expect.stringContaining(reason)]);
});

test('a power cycle has the guest write what it can, and tells it nothing', async () => {
  expect((await attempt(manners.powerCycle, ignore)).log).toEqual([
    'expect the end of web',
    'sync',
    'unwatch web',
    'hang up',
    'kill',
    off,
  ]);
});

test('cutting the power asks nobody', async () => {
  expect((await attempt(manners.cut, ignore)).log).toEqual([
    'expect the end of web',
    'unwatch web',
    'hang up',
    'kill',
    off,
  ]);
});

test('who is destroyed meanwhile is not waited for', async () => {
  const controller = new AbortController();
  const { log, outcome } = await attempt(
    manners.orderly,
    async () => {
      controller.abort(new PlayhouseError('cancelled'));
      return await ignore();
    },
    { signal: controller.signal },
  );
  await expect(outcome).rejects.toMatchObject({ code: 'cancelled' });
  expect(log).toContain('given up');
  expect(log).not.toContain('kill');
});
