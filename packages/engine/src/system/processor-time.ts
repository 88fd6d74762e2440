import { readFile } from 'node:fs/promises';

/** What the kernel counts in, for whoever asks through /proc: USER_HZ, which is the same everywhere that we run. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process has had in all; null when there is none with this pid. */
export async function processorSeconds(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The command name may hold spaces and parentheses; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
