import { readdirSync, readFileSync } from 'node:fs';

/** A living process and the words it was started with. */
export interface CommandLine {
  readonly pid: number;
  readonly words: readonly string[];
}

/**
 * The command lines of all processes of the host; threads of the kernel have none and are left out. Read at one go: nothing in
 * /proc waits for a disk, and handing each of the small files to another thread takes ten times as long as reading it.
 */
export function commandLines(): readonly CommandLine[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const text = commandLine(name);
    return text === '' ? [] : [{ pid: Number(name), words: text.split('\0') }];
  });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
