// Where a sparse file has data at all: a memory image of many gigabytes may hold a few hundred megabytes, and reading its
// holes would cost more than storing the rest. Only a hint, since what is read is looked at anyway.
import { run, type Run } from '../system/run.ts';

export interface Extent {
  readonly from: number;
  /** The first byte behind it. */
  readonly to: number;
}

/** Parts of a file that may hold something else than zeros, in order; the whole file where nobody knows better. */
export async function dataExtents(
  path: string,
  { size, blocks }: { readonly size: number; readonly blocks: number },
  runProgram: Run = run,
): Promise<readonly Extent[]> {
  const whole = [{ from: 0, to: size }];
  // A file without holes takes at least as many blocks as it has bytes.
  if (blocks * 512 >= size) return whole;
  try {
    const { stdout, exitCode } = await runProgram(['xfs_io', '-r', '-c', 'seek -a -r 0', path]);
    return exitCode === 0 ? (parseSeek(stdout, size) ?? whole) : whole;
  } catch {
    return whole; // the program is missing, or the list is longer than it is worth
  }
}

/** Reads lines `DATA 0`, `HOLE 4096` …; undefined for anything else. */
export function parseSeek(text: string, size: number): readonly Extent[] | undefined {
  const [heading, ...lines] = text.trim().split('\n');
  if (!/^Whence\s+Result$/.test(heading ?? '') || lines.length === 0) return undefined;
  const extents: Extent[] = [];
  let from: number | null = null;
  let [previous, before] = ['', -1];
  for (const line of lines) {
    const [, kind = '', offset] = /^(DATA|HOLE)\s+(\d+)$/.exec(line) ?? [];
    const at = Number(offset);
    if (kind === '' || kind === previous || at <= before) return undefined;
    if (from !== null) extents.push({ from, to: at });
    from = kind === 'DATA' ? at : null;
    [previous, before] = [kind, at];
  }
  if (from !== null) extents.push({ from, to: size });
  return extents;
}
