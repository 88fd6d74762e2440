import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rotateLog } from '../supervisor/log-file.ts';
import type { ServicePlan } from '../supervisor/plan.ts';
import { runCommand, runOrFail } from '../system/run-command.ts';
import type { ServiceManager } from './service-manager.ts';
import { renderUnit, unitName } from './systemd-unit.ts';

const unitDirectory = '/etc/systemd/system';
/** So many starts in a row mean that it will not come up. */
const hopeless = 3;

/** Runs the services as systemd units. */
export function createSystemdManager(services: readonly ServicePlan[]): ServiceManager {
  const units = services.map(({ name }) => unitName(name));
  const writeUnits = async (): Promise<boolean> => {
    const changes = await Promise.all(
      services.map((service) =>
        writeIfChanged(join(unitDirectory, unitName(service.name)), renderUnit(service)),
      ),
    );
    if (!changes.includes(true)) return false;
    await runOrFail(['systemctl', 'daemon-reload']);
    return true;
  };
  const start = async (): Promise<void> => {
    for (const { logFile } of services) rotateLog(logFile);
    await runOrFail(['systemctl', 'enable', '--quiet', '--now', ...units]);
  };
  return {
    kind: 'systemd',
    ensureRunning: async () => {
      const changed = await writeUnits();
      const { exitCode } = await runCommand(['systemctl', 'is-active', '--quiet', ...units]);
      if (changed || exitCode !== 0) await start();
    },
    restart: async () => {
      await writeUnits();
      await start();
      await runOrFail(['systemctl', 'restart', ...units]);
    },
    stop: async () => {
      await runCommand(['systemctl', 'disable', '--quiet', '--now', ...units]);
    },
    remove: async () => {
      await Promise.all(units.map((unit) => rm(join(unitDirectory, unit), { force: true })));
      await runCommand(['systemctl', 'daemon-reload']);
    },
    findFault: async () => {
      for (const { name, logFile } of services) {
        const argv = ['systemctl', 'show', '--property=NRestarts', '--value', unitName(name)];
        if (Number((await runCommand(argv)).stdout) >= hopeless) return { service: name, logFile };
      }
      return null;
    },
  };
}

async function writeIfChanged(file: string, content: string): Promise<boolean> {
  if ((await readFile(file, 'utf8').catch(() => null)) === content) return false;
  await writeFile(file, content, { mode: 0o644 });
  return true;
}
