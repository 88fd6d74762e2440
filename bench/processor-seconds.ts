import { readFile } from 'node:fs/promises';

/** Ticks of a clock of 100 Hz, as Linux counts processor time on every common machine. */
const ticksPerSecond = 100;

/** Processor time that a process has taken so far, with its threads. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Its name, which may hold anything, ends with the last bracket.
  const [, , , , , , , , , , , user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(') ') + 2)
    .split(' ')
    .map(Number);
  return (user + system) / ticksPerSecond;
}
