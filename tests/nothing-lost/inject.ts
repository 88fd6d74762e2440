import { setTimeout } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import type { Fault, Run } from './draw-run.ts';
import type { Ground } from './ground.ts';
import type { LineFault } from './vault-line.ts';

/** How long a vault does wrong after what was done has come to its end: it is written in the background. */
const vaultLingerMs = 1500;

/** Does something while what the run has drawn goes wrong. Afterwards everything works again. Gives what `action` gave. */
export async function inject<T>(
  ground: Ground,
  run: Run,
  playground: string,
  action: () => Promise<{ readonly begun: Promise<unknown>; readonly ended: Promise<T> }>,
): Promise<T> {
  const { installation, line } = ground;
  const { fault, point, afterMs } = run;
  if (point !== null) {
    await installation.engine?.kill();
    const engine = await installation.startEngine({ PLAYHOUSE_CRASH_POINT: point });
    const { ended } = await action();
    await Promise.race([engine.exited, ended.catch(() => {})]);
    await engine.kill();
    await installation.startEngine();
    return await ended;
  }
  const vault = /^vault (.+)$/.exec(fault)?.[1] as LineFault | undefined;
  if (vault !== undefined) {
    line.fault = vault;
    try {
      const { ended } = await action();
      // A restore waits for the vault for longer than a run may take: then the vault is well again first.
      const lingering = ended.then(async () => await setTimeout(vaultLingerMs)).catch(() => {});
      await Promise.race([lingering, setTimeout(afterMs + 2 * vaultLingerMs)]);
      line.fault = 'none';
      return await ended;
    } finally {
      line.fault = 'none';
    }
  }
  if (fault === 'full disk' && run.freeKiB % 2 === 0) await ground.fillDisk(run.freeKiB);
  try {
    const { begun, ended } = await action();
    ended.catch(() => {});
    await begun.catch(() => {});
    if (fault !== 'none') await setTimeout(afterMs);
    await strike(ground, fault, run, playground);
    return await (fault === 'full disk'
      ? Promise.race([ended, setTimeout(15_000)]).then(async () => {
          await ground.clearDisk();
          return await ended;
        })
      : ended);
  } finally {
    await ground.clearDisk();
  }
}

async function strike(ground: Ground, fault: Fault, { freeKiB }: Run, playground: string): Promise<void> {
  const { installation } = ground;
  if (fault === 'full disk') await ground.fillDisk(freeKiB);
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
    if (words.includes(playground)) process.kill(pid, 'SIGKILL');
  }
}
