import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rotateLog } from '../supervisor/log-file.ts';
import type { ServicePlan } from '../supervisor/plan.ts';
import { type CommandResult, runCommand, runOrFail } from '../system/run-command.ts';
import { renderLogRotation } from './log-rotation.ts';
import type { ServiceManager } from './service-manager.ts';
import { renderUnit, unitName } from './systemd-unit.ts';

/** What the manager touches of the host. */
export interface SystemdHost {
  readonly unitDirectory: string;
  readonly logRotationDirectory: string;
  /** Runs systemctl, whatever comes of it. */
  readonly ask: (words: readonly string[]) => Promise<CommandResult>;
  /** Runs systemctl, which must succeed. */
  readonly tell: (words: readonly string[]) => Promise<unknown>;
}

const thisHost: SystemdHost = {
  unitDirectory: '/etc/systemd/system',
  logRotationDirectory: '/etc/logrotate.d',
  ask: (words) => runCommand(['systemctl', ...words]),
  tell: (words) => runOrFail(['systemctl', ...words]),
};

/** So many starts in a row mean that it will not come up. */
const hopeless = 3;

/** Runs the services as systemd units. */
export function createSystemdManager(services: readonly ServicePlan[], host = thisHost): ServiceManager {
  const { ask, tell } = host;
  const units = services.map(({ name }) => unitName(name));
  const files = services.map((service) => ({
    file: join(host.unitDirectory, unitName(service.name)),
    content: renderUnit(service),
  }));
  const logRotation = join(host.logRotationDirectory, 'playhouse');
  /** Restarts of each service when we began to look; those count for nothing. */
  const before = new Map<string, number>();
  const restartsOf = async (name: string): Promise<number> =>
    Number((await ask(['show', '--property=NRestarts', '--value', unitName(name)])).stdout);
  const noteRestarts = async (): Promise<void> => {
    for (const { name } of services) before.set(name, await restartsOf(name));
  };
  const rotateLogs = async (): Promise<void> => {
    const content = renderLogRotation(services.map(({ logFile }) => logFile));
    // Without logrotate there is no such folder, and nobody who would read the file.
    if (!(await isSame(logRotation, content))) {
      await writeFile(logRotation, content, { mode: 0o644 }).catch(ignoreMissing);
    }
  };
  /** Stops before it writes: killed half-way, it leaves services that do not run, never ones of an old unit. */
  const restart = async (): Promise<void> => {
    await rotateLogs();
    await ask(['stop', ...units]);
    for (const { file, content } of files) await writeFile(file, content, { mode: 0o644 });
    for (const { logFile } of services) rotateLog(logFile);
    await tell(['daemon-reload']);
    await ask(['reset-failed', ...units]);
    await tell(['enable', '--quiet', '--now', ...units]);
    await noteRestarts();
  };
  return {
    kind: 'systemd',
    ensureRunning: async () => {
      const same = await Promise.all(files.map(({ file, content }) => isSame(file, content)));
      // Asked together, one active unit would do.
      const states = await Promise.all(units.map((unit) => ask(['is-active', '--quiet', unit])));
      if (same.includes(false) || states.some(({ exitCode }) => exitCode !== 0)) return restart();
      await rotateLogs();
      await noteRestarts();
    },
    restart,
    stop: async () => {
      await ask(['disable', '--quiet', '--now', ...units]);
    },
    remove: async () => {
      await Promise.all(
        [logRotation, ...files.map(({ file }) => file)].map((file) => rm(file, { force: true })),
      );
      await ask(['daemon-reload']);
    },
    findFault: async () => {
      for (const { name, logFile } of services) {
        if ((await restartsOf(name)) - (before.get(name) ?? 0) >= hopeless) return { service: name, logFile };
      }
      return null;
    },
  };
}

async function isSame(file: string, content: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => null)) === content;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
