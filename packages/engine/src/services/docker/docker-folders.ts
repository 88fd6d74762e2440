// Files and folders outside of the folders that our own Docker Engine is given: it makes them where every Docker Engine looks for
// them, so which of them were there before is noted before it is started.
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { commandLines } from '../../system/command-lines.ts';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';

/** Deepest first. What is in the run folders is of the running alone; the others may hold what somebody put there. */
const places = [
  { path: '/run/docker', whole: true },
  { path: '/run/containerd', whole: true },
  { path: '/etc/docker/key.json', whole: true },
  { path: '/etc/docker', whole: false },
  // Where containerd looks for plugins; it makes them at each start.
  { path: '/opt/containerd/bin', whole: false },
  { path: '/opt/containerd/lib', whole: false },
  { path: '/opt/containerd', whole: false },
] as const;

const program = /^(?:dockerd|containerd|containerd-shim.*)$/;

/** Notes which of them are not there yet. What was noted once holds. */
export async function noteDockerFolders(file: string, root = ''): Promise<void> {
  if ((await readTextIfPresent(file)) !== null) return;
  const missing = places.map(({ path }) => path).filter((path) => !existsSync(root + path));
  await writeDurably(file, JSON.stringify(missing));
}

/** Removes those that were noted, unless a Docker Engine or containerd runs, whoever started it. Ours must have ended. Idempotent. */
export async function releaseDockerFolders(file: string, root = '', runs = isAnyRunning): Promise<void> {
  const text = await readTextIfPresent(file);
  if (text === null || runs()) return;
  const ours = new Set(z.array(z.string()).parse(JSON.parse(text)));
  for (const { path, whole } of places) {
    if (!ours.has(path)) continue;
    if (whole) await rm(root + path, { recursive: true, force: true });
    else await rmdir(root + path).catch(() => undefined);
  }
}

function isAnyRunning(): boolean {
  return commandLines().some(({ words: [path = ''] }) => program.test(basename(path)));
}
