import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
  /** Restarts each service had when we began to look; those count for nothing. */
  const before = new Map<string, number>();
  const restartsOf = (name: string): number => readPidFile(pidFile(plan.runDirectory, name))?.restarts ?? 0;
  const start = async (): Promise<void> => {
    before.clear();
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
      const file = pidFile(plan.runDirectory, name);
      const orphan = livingProcess(file);
      if (orphan !== null) await endProcess(orphan);
      await rm(file, { force: true });
    }
  };
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  return {
    kind: 'supervisor',
    ensureRunning: async () => {
      const asPlanned = livingProcess(own) !== null && (await readPlan(plan.runDirectory)) === render(plan);
      if (!asPlanned) await restart();
      else for (const { name } of plan.services) before.set(name, restartsOf(name));
    },
    restart,
    stop,
    remove: async () => undefined,
    findFault: async () => {
      for (const { name, logFile } of plan.services) {
        const restarts = restartsOf(name);
        // Fewer than before: it has lived well since, and dies of something new.
        if (restarts < (before.get(name) ?? 0)) before.set(name, 0);
        if (restarts - (before.get(name) ?? 0) >= hopeless) return { service: name, logFile };
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
