import { readFileSync } from 'node:fs';

/** Names one process for good: a pid alone may be reused, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since the host booted. */
  readonly startTime: string;
  /** The host boot the start time counts from. */
  readonly bootId: string;
}

/** The identity of a living process, or null when there is none (or only a zombie) with this pid. */
export function identify(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and parentheses; the fields after its last parenthesis do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[19];
    if (fields[0] === 'Z' || startTime === undefined) return null;
    return { pid, startTime, bootId: hostBootId() };
  } catch {
    return null;
  }
}

/** True while exactly this process lives. */
export function isAlive(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now !== null && now.startTime === process.startTime && now.bootId === process.bootId;
}

/** Kills exactly this process and waits until it is gone; silent when it already is. */
export async function killAndWait(target: ProcessIdentity, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(target)) {
    if (performance.now() > deadline) throw new Error(`process ${target.pid} does not end`);
    signal(target.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function hostBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
