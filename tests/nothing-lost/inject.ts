import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { run as runProgram } from '../end-to-end/support/process.ts';
import type { Run } from './draw-run.ts';
import type { Ground } from './ground.ts';
import type { LineFault } from './vault-line.ts';

/** How long a vault does wrong after what was done has come to its end: it is written in the background. */
const vaultLingerMs = 1500;
/** How long a disk stays full at most: a machine that is to write waits for room. */
const fullMs = 15_000;

/** Begins what is to go wrong; `begun` when it was accepted, `ended` with how it ended. */
export type Start<T> = () => { readonly begun: Promise<unknown>; readonly ended: Promise<T> };

/** Does something while what the run has drawn goes wrong. Afterwards everything works again. Gives how it ended. */
export async function inject<T>(ground: Ground, run: Run, playground: string, start: Start<T>): Promise<T> {
  if (run.point !== null) return await dyingAt(ground, run.point, start);
  const [, lineFault] = /^vault (.+)$/.exec(run.fault) ?? [];
  if (lineFault !== undefined) return await withBadVault(ground, lineFault as LineFault, run.afterMs, start);
  if (run.fault === 'full disk') return await withFullDisk(ground, run, start);
  const { begun, ended } = start();
  await begun.catch(() => {});
  if (run.fault !== 'none') await setTimeout(run.afterMs);
  await strike(ground, run, playground);
  return await ended;
}

/** The engine dies at a named place, if it passes that. */
async function dyingAt<T>({ installation }: Ground, point: string, start: Start<T>): Promise<T> {
  await installation.engine?.kill();
  const engine = await installation.startEngine({ PLAYHOUSE_CRASH_POINT: point });
  const { ended } = start();
  await Promise.race([engine.exited, ended]);
  await engine.kill();
  await installation.startEngine();
  return await ended;
}

async function withBadVault<T>(
  { line }: Ground,
  fault: LineFault,
  afterMs: number,
  start: Start<T>,
): Promise<T> {
  line.fault = fault;
  try {
    const { ended } = start();
    const lingering = ended.then(async () => await setTimeout(vaultLingerMs));
    // Who waits for the vault waits for longer than a run may take: then the vault is well again first.
    await Promise.race([lingering, setTimeout(afterMs + 2 * vaultLingerMs)]);
    line.fault = 'none';
    return await ended;
  } finally {
    line.fault = 'none';
  }
}

/** The disk is full from before the beginning, or from some moment on. */
async function withFullDisk<T>(ground: Ground, { afterMs, freeKiB }: Run, start: Start<T>): Promise<T> {
  const fromTheBeginning = freeKiB % 2 === 0;
  if (fromTheBeginning) await ground.fillDisk(freeKiB);
  try {
    const { begun, ended } = start();
    await begun.catch(() => {});
    if (!fromTheBeginning) {
      await setTimeout(afterMs);
      await ground.fillDisk(freeKiB);
    }
    await Promise.race([ended, setTimeout(fullMs)]);
    await ground.clearDisk();
    await ground.startDead();
    return await ended;
  } finally {
    await ground.clearDisk();
  }
}

async function strike({ installation }: Ground, { fault }: Run, playground: string): Promise<void> {
  if (fault === 'engine') {
    await installation.engine?.kill();
    await installation.startEngine();
  }
  if (fault === 'server') {
    await installation.server?.kill();
    await installation.startServer();
  }
  if (fault !== 'machine') return;
  for (const pid of await installation.machineProcesses()) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // It may have ended by itself since.
    if (words.includes(playground)) await runProgram(['kill', '-KILL', String(pid)]);
  }
}
