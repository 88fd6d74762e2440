// Fetches the chunks of a file, several at a time, proves each, and the whole by its digest.
import { digestOfChunks } from '../chunks/chunk-digest.ts';
import { chunkBytes } from '../chunks/chunk-size.ts';
import type { ChunkThreads } from '../chunks/chunk-threads.ts';
import { Flight } from '../chunks/flight.ts';
import type { Chunks } from './chunks.ts';
import type { FileIndex } from './file-index.ts';

export interface ReadFileOptions {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly progress: (doneBytes: number) => void;
  /** Gets every chunk that is not only zeros, in any order. */
  readonly sink: (bytes: Uint8Array, position: number) => Promise<void>;
}

/** Reads the whole file and gives the digest of what came. @throws PlayhouseError vault-object-missing, vault-corrupt … */
export async function readStoredFile(
  { sizeBytes, chunks: names }: FileIndex,
  { chunks, threads }: { readonly chunks: Chunks; readonly threads: ChunkThreads },
  { name: file, signal, progress, sink }: ReadFileOptions,
): Promise<string> {
  const flight = new Flight(signal);
  const digests: (string | null)[] = names.map(() => null);
  let doneBytes = 0;
  for (const [index, name] of names.entries()) {
    if (flight.isLost) break;
    const at = index * chunkBytes;
    const length = Math.min(chunkBytes, sizeBytes - at);
    const tally = () => progress((doneBytes += length));
    if (name === null) {
      tally();
      continue;
    }
    const slot = await threads.takeSlot();
    const work = async (bytes: Uint8Array) => {
      digests[index] = await chunks.fetch(name, bytes, file, flight.signal);
      await sink(bytes, at);
      tally();
    };
    flight.add(work(slot.subarray(0, length)).finally(() => threads.giveSlot(slot)));
  }
  await flight.land();
  return digestOfChunks(sizeBytes, digests);
}
