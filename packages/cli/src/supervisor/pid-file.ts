import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identifyProcess, isAlive, type ProcessIdentity } from '../system/process-identity.ts';

export interface PidRecord extends ProcessIdentity {
  /** How often the service was started again since it last ran well. */
  readonly restarts: number;
}

/** What a pid file says; null when it is missing or cannot be understood. */
export function readPidFile(file: string): PidRecord | null {
  try {
    const [pid, startTime, restarts, bootId] = readFileSync(file, 'utf8').trim().split(' ');
    return pid && startTime && bootId
      ? { pid: Number(pid), startTime, bootId, restarts: Number(restarts) }
      : null;
  } catch {
    return null;
  }
}

/** The process of a pid file, if it still lives. */
export function livingProcess(file: string): PidRecord | null {
  const record = readPidFile(file);
  return record !== null && isAlive(record) ? record : null;
}

export function writePidFile(file: string, pid: number, restarts: number): void {
  writeFileSync(`${file}.new`, recordText(pid, restarts));
  renameSync(`${file}.new`, file);
}

/** Takes a pid file for this process; false when another living process has it. */
export function claimPidFile(file: string): boolean {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeFileSync(file, recordText(process.pid, 0), { flag: 'wx' });
      return true;
    } catch {
      if (livingProcess(file) !== null) return false;
      rmSync(file, { force: true });
    }
  }
  return false;
}

function recordText(pid: number, restarts: number): string {
  const { startTime = '0', bootId = '0' } = identifyProcess(pid) ?? {};
  return `${pid} ${startTime} ${restarts} ${bootId}\n`;
}
