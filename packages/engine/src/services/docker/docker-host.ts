// What our own Docker Engine leaves on the host. Its bridge and chains have the names that all Docker Engines give them, so whether they
// are ours is noted before it makes them.
import { readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { hasDockerTraces, removeDockerTraces } from '../../networks/docker-traces.ts';
import { commandLines } from '../../system/command-lines.ts';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { type Run, run, runOrFail } from '../../system/run.ts';

/** Notes whose they will be: `ours` unless some are there. Before our Docker Engine is started; what was noted once holds. */
export async function noteDockerHost(file: string, execute: Run = run): Promise<void> {
  if ((await readTextIfPresent(file)) !== null) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o711 });
  await writeDurably(file, (await hasDockerTraces(execute)) ? 'others' : 'ours');
}

/** Takes them away when they are ours and no Docker Engine runs beside it. Ours must have ended. Idempotent. */
export async function releaseDockerHost(file: string, execute: Run = runOrFail): Promise<void> {
  if ((await readTextIfPresent(file)) === 'ours' && !dockerRuns()) await removeDockerTraces(execute);
}

/** Whether a Docker Engine, whoever started it, has this network. */
function dockerRuns(): boolean {
  const own = networkOf('self');
  return commandLines().some(
    ({ pid, words: [program = ''] }) => basename(program) === 'dockerd' && networkOf(pid) === own,
  );
}

/** Null of a process that has ended. */
function networkOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}
