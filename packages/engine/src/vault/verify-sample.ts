import { randomInt } from 'node:crypto';
import type { ChunkThreads } from '../chunks/chunk-threads.ts';
import type { Chunks } from './chunks.ts';
import type { FileIndex } from './file-index.ts';
import { chunkBytes } from '../chunks/chunk-size.ts';
import { Flight } from '../chunks/flight.ts';

export interface SampleOptions {
  readonly chunks: Chunks;
  readonly threads: ChunkThreads;
  readonly count: number;
  readonly signal: AbortSignal | undefined;
}

/** Reads and proves `count` of a file’s chunks, drawn by chance. @throws PlayhouseError vault-object-missing, vault-corrupt … */
export async function verifySample(
  name: string,
  { sizeBytes, chunks: names }: FileIndex,
  { chunks, threads, count, signal }: SampleOptions,
): Promise<void> {
  const stored = [...names.entries()].filter(([, chunk]) => chunk !== null);
  const flight = new Flight(signal);
  for (let drawn = 0; drawn < count && stored.length > 0 && !flight.isLost; drawn++) {
    const [[index, chunk] = [0, null]] = stored.splice(randomInt(stored.length), 1);
    const slot = await threads.takeSlot();
    const bytes = slot.subarray(0, Math.min(chunkBytes, sizeBytes - index * chunkBytes));
    const work = async () => {
      await chunks.fetch(chunk ?? '', bytes, name, flight.signal);
    };
    flight.add(work().finally(() => threads.giveSlot(slot)));
  }
  await flight.land();
}
