import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Task } from '@playhouse/contract/task';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type AgentFixture, startAgent } from '../guest/agent-fixture.ts';
import { AgentPool } from '../guest/agent-pool.ts';
import { GuestAgent } from '../guest/guest-agent.ts';
import { PlaygroundRecords } from '../playgrounds/playground-record.ts';
import { enginePaths } from '../system/engine-paths.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { StatusBoard } from './status-board.ts';

let fixture: AgentFixture;
beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());

const process = { pid: 1, startTime: '1', bootId: 'b' };

/** A board over the first machine of the sample, whose files are in `root`; the other one does not run. */
async function open(lookEveryMs?: number) {
  const root = await temporaryDirectory();
  const paths = enginePaths({ stateDirectory: root });
  await mkdir(paths.playground(sampleId), { recursive: true });
  const records = new PlaygroundRecords(paths);
  const sample = samplePlayground();
  const boot = async (pid: number) => {
    const machines = sample.machines.map((machine, index) =>
      index === 0 ? { ...machine, state: 'running' as const, process: { ...process, pid } } : machine,
    );
    await records.save({ ...sample, machines });
  };
  await boot(1);
  const agents = new AgentPool(async (_, options) => await GuestAgent.connect(fixture.socketPath, options));
  const tools = { records, paths, agents, settings: { devices: 'ph', edgeRange: '100.64.0.0/16' } };
  const task: Task = {
    ...{ name: 'ask', kind: 'regular', machine: 'web', user: 'root', needs: [], status: 'blocked' },
    ...{ input: 'awaited', attempt: 1, exitCode: null, timedOut: false, hint: 'a secret' },
    ...{ startedAt: null, endedAt: null },
  };
  const state = { tasks: [task] };
  const board = new StatusBoard(tools, sampleId, () => state.tasks, root, lookEveryMs);
  const life = new AbortController();
  onTestFinished(() => {
    life.abort();
    agents.close();
  });
  const file = `${root}/run/playhouse/tasks`;
  const program = `${root}/usr/local/bin/examinerctl`;
  const told = async () => await readFile(file, 'utf8').catch(() => '');
  return { root, boot, board, state, task, file, program, told, life: life.signal };
}

test('a machine is told names and statuses, nothing else, and again when one changes', async () => {
  const { board, state, task, told, life } = await open();
  void board.keep(life);
  await vi.waitFor(async () => expect(await told()).toBe('ask web regular blocked awaited\n'), 5000);
  state.tasks = [{ ...task, status: 'completed', input: 'given' }];
  board.change();
  await vi.waitFor(async () => expect(await told()).toBe('ask web regular completed given\n'), 2500);
});

test('a machine that booted again is told without a change', async () => {
  const { board, boot, file, told, life } = await open(50);
  void board.keep(life);
  await vi.waitFor(async () => expect(await told()).not.toBe(''), 5000);
  await rm(file);
  await boot(2);
  await vi.waitFor(async () => expect(await told()).not.toBe(''), 8000);
});

test('the program is put where shells look; one of another make stays, an older one of ours does not', async () => {
  const { root, board, boot, file, program, told, life } = await open();
  await mkdir(`${root}/usr/local/bin`, { recursive: true });
  await writeFile(program, '#!/bin/sh\necho the image’s own\n');
  void board.keep(life);
  await vi.waitFor(async () => expect(await told()).not.toBe(''), 5000);
  const again = async (pid: number) => {
    await rm(file);
    await boot(pid);
    board.change();
    await vi.waitFor(async () => expect(await told()).not.toBe(''), 5000);
  };
  await again(2);
  expect(await readFile(program, 'utf8')).toContain('the image’s own');
  await rm(program);
  await again(3);
  await vi.waitFor(async () => expect((await stat(program)).mode & 0o777).toBe(0o755), 5000);
  const ours = await readFile(program, 'utf8');
  await writeFile(program, `${ours.split('\n').slice(0, 2).join('\n')}\necho an older one\n`);
  await again(4);
  await vi.waitFor(async () => expect(await readFile(program, 'utf8')).toBe(ours), 5000);
});
