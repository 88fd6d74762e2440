import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { openLog, rotateLog } from '../supervisor/log-file.ts';
import { livingProcess, readPidFile } from '../supervisor/pid-file.ts';
import { pidFile, planFile, type SupervisorPlan } from '../supervisor/plan.ts';
import { endProcess } from '../system/end-process.ts';
import { startDetached } from '../system/start-process.ts';
import type { ServiceManager } from './service-manager.ts';

export interface SupervisorProgram {
  readonly node: string;
  /** supervisor/main.ts */
  readonly script: string;
  readonly logFile: string;
  readonly compileCache: string;
}

/** It only waits and restarts: a small heap is enough. */
const nodeOptions = ['--max-old-space-size=32', '--max-semi-space-size=1'];
const hopeless = 3;
const stopSeconds = 25;

/** Runs the services below our own supervisor. */
export function createSupervisorManager(plan: SupervisorPlan, program: SupervisorProgram): ServiceManager {
  const own = pidFile(plan.runDirectory, 'supervisor');
  const start = async (): Promise<void> => {
    await writePlan(plan);
    rotateLog(program.logFile);
    const log = openLog(program.logFile);
    const environment = {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: program.compileCache,
    };
    const argv = [program.node, ...nodeOptions, program.script, planFile(plan.runDirectory)];
    startDetached(argv, { environment, logDescriptor: log });
    closeSync(log);
    for (let left = 100; left > 0 && livingProcess(own) === null; left -= 1) await sleep(50);
    if (livingProcess(own) === null) {
      const log = program.logFile;
      throw new PlayhouseError('service-failed', { service: 'supervisor', detail: 'it ended at once', log });
    }
  };
  const stop = async (): Promise<void> => {
    const running = livingProcess(own);
    if (running !== null) await endProcess(running, stopSeconds);
    // What a killed supervisor left.
    for (const { name } of plan.services) {
      const orphan = livingProcess(pidFile(plan.runDirectory, name));
      if (orphan !== null) await endProcess(orphan);
    }
  };
  return {
    kind: 'supervisor',
    ensureRunning: async () => {
      if (livingProcess(own) === null) await start();
      else if ((await readPlan(plan.runDirectory)) !== render(plan)) {
        await stop();
        await start();
      }
    },
    restart: async () => {
      await stop();
      await start();
    },
    stop,
    remove: async () => undefined,
    findFault: async () => {
      for (const { name, logFile } of plan.services) {
        const restarts = readPidFile(pidFile(plan.runDirectory, name))?.restarts ?? 0;
        if (restarts >= hopeless) return { service: name, logFile };
      }
      return null;
    },
  };
}

async function writePlan(plan: SupervisorPlan): Promise<void> {
  const file = planFile(plan.runDirectory);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, render(plan), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function readPlan(runDirectory: string): Promise<string | null> {
  return readFile(planFile(runDirectory), 'utf8').catch(() => null);
}

function render(plan: SupervisorPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
