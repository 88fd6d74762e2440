// Keeps the platform's services running where systemd is not pid 1. It must stay small and do nothing else: no
// configuration, no network, no packages beyond Node.js.
import { closeSync, rmSync } from 'node:fs';
import { endProcess } from '../system/end-process.ts';
import { identifyProcess } from '../system/process-identity.ts';
import { type Child, startChild } from '../system/start-process.ts';
import { nextDelay } from './backoff.ts';
import { openLog, rotateLog } from './log-file.ts';
import { livingProcess, writePidFile } from './pid-file.ts';
import { pidFile, type ServicePlan, type SupervisorPlan } from './plan.ts';

export interface Supervision {
  /** Ends all services and resolves once they are gone. */
  stop(): Promise<void>;
}

const rotateEvery = 60_000;
/** A service that lives this long has come up: what it died of before no longer counts. */
const forgiveAfter = 60_000;

/** Starts all services and starts each again whenever it ends. `forgive` is in milliseconds. */
export async function supervise(plan: SupervisorPlan, forgive = forgiveAfter): Promise<Supervision> {
  await Promise.all(plan.services.map((service) => endOrphan(pidFile(plan.runDirectory, service.name))));
  const watches = plan.services.map((service) =>
    watch(service, pidFile(plan.runDirectory, service.name), forgive),
  );
  const rotation = setInterval(() => plan.services.forEach(({ logFile }) => rotateLog(logFile)), rotateEvery);
  return {
    stop: async () => {
      clearInterval(rotation);
      await Promise.all(watches.map((stop) => stop()));
    },
  };
}

/** A supervisor that was killed leaves its services behind; two of a kind would fight over port and socket. */
async function endOrphan(file: string): Promise<void> {
  const orphan = livingProcess(file);
  if (orphan !== null) await endProcess(orphan);
}

function watch(service: ServicePlan, file: string, forgive: number): () => Promise<void> {
  let child: Child | null = null;
  let timer: NodeJS.Timeout | undefined;
  let delay: number | null = null;
  let restarts = 0;
  let stopping = false;

  const start = (): void => {
    const startedAt = performance.now();
    rotateLog(service.logFile);
    const log = openLog(service.logFile);
    child = startChild(service.argv, { environment: service.environment, logDescriptor: log });
    closeSync(log);
    const { pid } = child;
    if (pid !== undefined) {
      writePidFile(file, pid, restarts);
      timer = setTimeout(() => {
        restarts = 0;
        writePidFile(file, pid, restarts);
      }, forgive);
    }
    let ended = false;
    const again = (): void => {
      if (ended) return;
      ended = true;
      child = null;
      clearTimeout(timer);
      // The pid file stays until the next start: it tells how often the service has died.
      if (stopping) return;
      restarts += 1;
      delay = nextDelay(delay, performance.now() - startedAt);
      timer = setTimeout(start, delay);
    };
    child.once('exit', again);
    child.once('error', again);
  };
  start();

  return async () => {
    stopping = true;
    clearTimeout(timer);
    const identity = child?.pid === undefined ? null : identifyProcess(child.pid);
    if (identity !== null) await endProcess(identity);
    rmSync(file, { force: true });
  };
}
