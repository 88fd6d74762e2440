import { readlinkSync } from 'node:fs';
import { commandLines } from './command-lines.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

/** A living process, named for good, and the words it was started with. */
export interface FoundProcess {
  readonly process: ProcessIdentity;
  readonly words: readonly string[];
}

/**
 * The living processes whose words fit. A pid that a file remembers may be an innocent’s by now, and a process whose starter died
 * before it wrote the file is in none: the words name files of ours, so they tell. Only processes of the engine’s own pid
 * namespace count, because those in containers can call themselves whatever they like.
 */
export function findProcesses(fits: (words: readonly string[]) => boolean): readonly FoundProcess[] {
  const own = pidNamespace('self');
  return commandLines().flatMap(({ pid, words }) => {
    if (!fits(words) || pidNamespace(pid) !== own) return [];
    const process = identify(pid);
    return process === null ? [] : [{ process, words }];
  });
}

/** Null for a process that has ended, or that is not ours to look at. */
function pidNamespace(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}
