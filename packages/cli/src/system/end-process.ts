import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

const lookEvery = 50;

/** Asks a process to end, and after `graceSeconds` makes it. Resolves once it is gone. */
export async function endProcess(identity: ProcessIdentity, graceSeconds = 10): Promise<void> {
  const tries = Math.ceil((graceSeconds * 1000) / lookEvery);
  for (const [signal, count] of [['SIGTERM', tries] as const, ['SIGKILL', 100] as const]) {
    send(identity, signal);
    for (let left = count; left > 0 && isAlive(identity); left -= 1) await sleep(lookEvery);
    if (!isAlive(identity)) return;
  }
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, signal);
  } catch {
    // Gone in between.
  }
}
