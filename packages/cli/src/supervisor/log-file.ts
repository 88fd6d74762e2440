import { copyFileSync, openSync, statSync, truncateSync } from 'node:fs';

const rotateAt = 10 * 1024 * 1024;

/** Opens a log for appending; the descriptor stays good across `rotateLog`. */
export function openLog(file: string): number {
  return openSync(file, 'a', 0o640);
}

/** Moves a log that has grown too large to `<file>.1`. A line written in that very moment may be lost. */
export function rotateLog(file: string, limit: number = rotateAt): void {
  try {
    if (statSync(file).size < limit) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  } catch {
    // No log yet, or a full disk: the service must go on.
  }
}
