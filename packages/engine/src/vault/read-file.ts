// Fetches the chunks of a file, several at a time, proves each, and the whole by its digest.
import type { ChunkThreads } from './chunk-threads.ts';
import type { Chunks } from './chunks.ts';
import { chunkBytes, type FileIndex } from './file-index.ts';
import { Flight } from './flight.ts';

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
  const hash = threads.startHash();
  let doneBytes = 0;
  let hashed = Promise.resolve();
  for (const [index, name] of names.entries()) {
    if (flight.isLost) break;
    const at = index * chunkBytes;
    const length = Math.min(chunkBytes, sizeBytes - at);
    const tally = () => progress((doneBytes += length));
    const before = hashed;
    if (name === null) {
      hashed = before.then(async () => await hash.update(length)).then(tally);
      flight.add(hashed);
      continue;
    }
    const slot = await threads.takeSlot();
    const bytes = slot.subarray(0, length);
    const fetched = chunks.fetch(name, bytes, file, flight.signal);
    hashed = Promise.all([before, fetched]).then(async () => await hash.update(bytes));
    const sunk = fetched.then(async () => await sink(bytes, at));
    const settled = Promise.allSettled([hashed, sunk]).then((outcomes) => {
      threads.giveSlot(slot);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      tally();
    });
    flight.add(settled);
  }
  let digest: Promise<string>;
  try {
    await flight.land();
  } finally {
    digest = hash.end();
    await digest.catch(() => {});
  }
  return await digest;
}
