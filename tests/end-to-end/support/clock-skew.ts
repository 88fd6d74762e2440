import { skew } from '../../../packages/engine/src/playgrounds/start/renew-copy.ts';

/** By how many ms the clock of a machine is wrong for certain, however long it takes to ask it; `run` gives what a command prints there. */
export async function clockSkewMs(run: (command: string) => Promise<string>): Promise<number> {
  const asked = Date.now();
  const read = Number(await run('date +%s%3N'));
  return Math.abs(skew(read, asked, Date.now()) ?? Number.POSITIVE_INFINITY);
}
