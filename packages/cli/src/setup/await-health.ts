import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { createClient } from '@playhouse/contract/routes/client';
import { timedFetch } from '../connection/timed-fetch.ts';
import type { Report } from '../progress/step-list.ts';
import { readLastLogLine } from './last-log-line.ts';
import type { ServiceManager } from './service-manager.ts';

export interface Health {
  readonly version: string;
  readonly codeDigest: string;
  readonly engineConnected: boolean;
}

export interface HealthWait {
  readonly endpoint: string;
  readonly manager: ServiceManager;
  readonly digest: string;
  readonly logs: string;
  readonly signal: AbortSignal;
  readonly timeoutSeconds?: number;
}

const lookEvery = 100;
const answerWithin = 2000;

/** What the server says about itself; null when it does not answer. */
export async function readHealth(endpoint: string): Promise<Health | null> {
  const client = createClient({ endpoint, token: null, fetch: timedFetch(answerWithin) });
  return client('system.health').catch((error: unknown) => {
    if (error instanceof PlayhouseError) return null;
    throw error;
  });
}

/**
 * Waits until server and engine of this code are up and connected.
 * @throws PlayhouseError service-failed with the last line of the log of the one that does not come up
 */
export async function awaitHealth(wait: HealthWait, report: Report): Promise<Health> {
  const until = Date.now() + (wait.timeoutSeconds ?? 60) * 1000;
  let looks = 0;
  for (;;) {
    const health = await readHealth(wait.endpoint);
    if (health?.engineConnected && health.codeDigest === wait.digest) return health;
    report(health === null ? 'waiting for the server' : 'waiting for the engine');
    // Asking the service manager costs more than asking the server.
    const fault = (looks += 1) % 3 === 0 ? await wait.manager.findFault() : null;
    if (fault !== null) await fail(fault.service, fault.logFile);
    if (Date.now() > until) {
      const service = health === null ? 'server' : 'engine';
      await fail(service, `${wait.logs}/${service}.log`);
    }
    await sleep(lookEvery, undefined, { signal: wait.signal });
  }
}

async function fail(service: string, log: string): Promise<never> {
  throw new PlayhouseError('service-failed', { service, log, detail: await readLastLogLine(log) });
}
