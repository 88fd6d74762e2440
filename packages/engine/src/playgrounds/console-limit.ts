// A guest writes as much to its console as it likes; the host’s disk must not be its to fill.
import { appendFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { keptBoots } from './console-log.ts';

/** A console log that grows beyond this is emptied. QEMU appends, so it goes on at the new end. */
const largestBytes = 16 * 1024 * 1024;
/** Logs of older boots are deleted. */
const keptLogs = 10;

const note = `playhouse: the log had grown beyond ${largestBytes / 1024 / 1024} MiB; what stood here is gone\n`;

/** Empties console logs that grew too long and deletes those of long past boots, in all machines’ folders of a playground. */
export async function limitConsoles(machinesFolder: string): Promise<void> {
  for (const machine of await readdir(machinesFolder).catch(() => [])) {
    const folder = `${machinesFolder}/${machine}`;
    const boots = await keptBoots(folder);
    for (const boot of boots.slice(0, -keptLogs)) await rm(`${folder}/console-${boot}.log`, { force: true });
    for (const boot of boots.slice(-keptLogs)) {
      const path = `${folder}/console-${boot}.log`;
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      if (size <= largestBytes) continue;
      await truncate(path, 0);
      await appendFile(path, note);
    }
  }
}
