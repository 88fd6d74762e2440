import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { readTextIfPresent } from '../../system/durable-file.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { processTree } from '../../system/process-tree.ts';
import type { DockerApi } from '../docker/docker-api.ts';

const hangUpMs = 2000;
const pollMs = 20;

const stateSchema = z.object({
  Running: z.boolean(),
  ExitCode: z.int().nullable(),
  Pid: z.int(),
  ContainerID: z.string(),
});

/** How a command stands, by the id that Docker gave it; null when Docker knows none or does not answer. */
export async function execState(api: DockerApi, id: string) {
  const told = await api.ask(`/exec/${id}/json`).catch(() => null);
  return told === null ? null : stateSchema.parse(told);
}

/**
 * Ends a command that was started and what it began, as a terminal that is closed does, and what does not heed that. Docker has no
 * way to. Silent when it does not run.
 */
export async function endExec(api: DockerApi, id: string): Promise<void> {
  const state = await begun(api, id);
  if (state?.Running !== true) return;
  const found: ProcessIdentity[] = [];
  for (const pid of processTree(state.Pid)) {
    const each = identify(pid);
    if (each !== null && (await isInContainer(pid, state.ContainerID))) found.push(each);
  }
  for (const each of found) if (isAlive(each)) signal(each.pid);
  const deadline = performance.now() + hangUpMs;
  while (found.some(isAlive) && performance.now() < deadline) await setTimeout(pollMs);
  await Promise.all(found.map(async (each) => await killAndWait(each)));
}

/** Docker answers before it has begun the command. */
async function begun(api: DockerApi, id: string) {
  const deadline = performance.now() + hangUpMs;
  for (;;) {
    const state = await execState(api, id);
    const waits = state !== null && !state.Running && state.ExitCode === null;
    if (!waits || performance.now() > deadline) return state;
    await setTimeout(pollMs);
  }
}

/** A Docker that counts processes otherwise than this host does names another. */
async function isInContainer(pid: number, container: string): Promise<boolean> {
  const groups = (await readTextIfPresent(`/proc/${pid}/cgroup`)) ?? '';
  return groups.includes(container);
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP');
  } catch {
    // It has ended meanwhile.
  }
}
