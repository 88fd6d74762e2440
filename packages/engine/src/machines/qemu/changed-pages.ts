// Finds the pages of a guest’s memory that are not as in the file which it was mapped from: those which the host’s kernel keeps
// for this process alone. /proc/PID/pagemap has eight bytes per page (Linux, admin-guide/mm/pagemap).

export const pageBytes = 4096;
/** Bytes of an entry; bit 63: in memory, 62: swapped out, 61: of a file or shared. Here in the upper half of the entry. */
export const entryBytes = 8;
const held = 0xc000_0000;
const ofFile = 0x2000_0000;

export interface PageRun {
  /** Index of the first page. */
  readonly first: number;
  readonly count: number;
}

/** The changed pages of a piece of a pagemap, in runs. */
export function changedRuns(pagemap: Buffer): readonly PageRun[] {
  const runs: PageRun[] = [];
  const pages = Math.floor(pagemap.length / entryBytes);
  let first = -1;
  for (let page = 0; page <= pages; page++) {
    const upper = page < pages ? pagemap.readUInt32LE(page * entryBytes + 4) : 0;
    const changed = (upper & held) !== 0 && (upper & ofFile) === 0;
    if (changed && first < 0) first = page;
    if (changed || first < 0) continue;
    runs.push({ first, count: page - first });
    first = -1;
  }
  return runs;
}
