import { readdir, readFile } from 'node:fs/promises';

export interface QemuProcess {
  readonly pid: number;
  /** What was said with `-name`; null when nothing was. */
  readonly name: string | null;
  readonly pidFile: string | null;
}

/** All living QEMU processes of the host, also those of others. */
export async function findQemuProcesses(): Promise<readonly QemuProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
      return words[0]?.startsWith('qemu-system-') ? [describe(Number(pid), words)] : [];
    }),
  );
  return found.flat();
}

function describe(pid: number, words: readonly string[]): QemuProcess {
  const after = (option: string) =>
    words.includes(option) ? (words[words.indexOf(option) + 1] ?? null) : null;
  return { pid, name: after('-name'), pidFile: after('-pidfile') };
}
