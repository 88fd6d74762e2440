import { findProcesses, type FoundProcess } from '../../system/find-processes.ts';
import type { ProcessIdentity } from '../../system/process-identity.ts';

export interface QemuProcess {
  readonly process: ProcessIdentity;
  /** What was said with `-name`; null when nothing was. */
  readonly name: string | null;
  readonly pidFile: string | null;
}

/** All living QEMU processes of the host, also those of others. */
export function findQemuProcesses(): readonly QemuProcess[] {
  return findProcesses(([program]) => program?.startsWith('qemu-system-') === true).map(describe);
}

function describe({ process, words }: FoundProcess): QemuProcess {
  const after = (option: string) =>
    words.includes(option) ? (words[words.indexOf(option) + 1] ?? null) : null;
  return { process, name: after('-name'), pidFile: after('-pidfile') };
}
