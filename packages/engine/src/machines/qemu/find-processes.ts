import { commandLines } from '../../system/command-lines.ts';

export interface QemuProcess {
  readonly pid: number;
  /** What was said with `-name`; null when nothing was. */
  readonly name: string | null;
  readonly pidFile: string | null;
}

/** All living QEMU processes of the host, also those of others. */
export function findQemuProcesses(): readonly QemuProcess[] {
  return commandLines().flatMap(({ pid, words }) =>
    words[0]?.startsWith('qemu-system-') ? [describe(pid, words)] : [],
  );
}

function describe(pid: number, words: readonly string[]): QemuProcess {
  const after = (option: string) =>
    words.includes(option) ? (words[words.indexOf(option) + 1] ?? null) : null;
  return { pid, name: after('-name'), pidFile: after('-pidfile') };
}
