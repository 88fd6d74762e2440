// Cuts a file into chunks and brings those to the vault that it lacks. The file is read once: its digest and its chunks are
// of the same bytes, whatever happens to it meanwhile.
import { type FileHandle, open } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ChunkThreads, Slot } from './chunk-threads.ts';
import type { Chunks } from './chunks.ts';
import { dataExtents, type Extent } from './file-extents.ts';
import { chunkBytes, chunkCount, type FileIndex } from './file-index.ts';
import { Flight } from './flight.ts';

export interface StoreTools {
  readonly chunks: Chunks;
  readonly threads: ChunkThreads;
}

export interface StoreFileOptions {
  readonly signal: AbortSignal | undefined;
  readonly sendAll: boolean;
  /** Called with bytes of the file that are done with, and its size. */
  readonly progress: (doneBytes: number, sizeBytes: number) => void;
}

/** Everything of the file is in the vault when this returns; only the index, which the caller writes, is not. */
export async function storeFile(
  path: string,
  { chunks, threads }: StoreTools,
  options: StoreFileOptions,
): Promise<{ readonly index: FileIndex; readonly sentBytes: number }> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new PlayhouseError('file-unreadable', { file: path, detail: String(cause) }, { cause });
  });
  const flight = new Flight(options.signal);
  const hash = threads.startHash();
  try {
    const { size: sizeBytes, blocks } = await file.stat();
    const extents = await dataExtents(path, { size: sizeBytes, blocks });
    const names: (string | null)[] = Array.from({ length: chunkCount(sizeBytes) }, () => null);
    let [sentBytes, doneBytes] = [0, 0];
    let hashed = Promise.resolve();
    for (let at = 0, index = 0; at < sizeBytes && !flight.isLost; at += chunkBytes, index++) {
      const length = Math.min(chunkBytes, sizeBytes - at);
      const tally = () => options.progress((doneBytes += length), sizeBytes);
      const before = hashed;
      if (!touches(extents, at, at + length)) {
        hashed = before.then(async () => await hash.update(length)).then(tally);
        flight.add(hashed);
        continue;
      }
      const slot = await threads.takeSlot();
      const bytes = slot.subarray(0, length);
      const read = readFully(file, bytes, at, path);
      hashed = Promise.all([before, read]).then(async () => await hash.update(bytes));
      const sent = read.then(async () => {
        const { name, sentBytes: more } = await chunks.send(bytes, { ...options, signal: flight.signal });
        names[index] = name;
        sentBytes += more;
      });
      flight.add(settleAll(hashed, sent, threads, slot).then(tally));
    }
    await flight.land();
    return { index: { sizeBytes, digest: await hash.end(), chunks: names }, sentBytes };
  } catch (error) {
    await flight.land().catch(() => {});
    await hash.end().catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

/** The slot is given back when nobody looks at it any more, also after a failure. */
async function settleAll(
  hashed: Promise<void>,
  sent: Promise<void>,
  threads: ChunkThreads,
  slot: Slot,
): Promise<void> {
  try {
    const outcomes = await Promise.allSettled([hashed, sent]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  } finally {
    threads.giveSlot(slot);
  }
}

async function readFully(file: FileHandle, into: Uint8Array, position: number, path: string): Promise<void> {
  for (let at = 0; at < into.byteLength;) {
    const { bytesRead } = await file.read(into, at, into.byteLength - at, position + at);
    if (bytesRead === 0) {
      throw new PlayhouseError('file-unreadable', {
        file: path,
        detail: 'it became shorter while it was read',
      });
    }
    at += bytesRead;
  }
}

/** Whether something of `from`…`to` lies in one of the extents. */
function touches(extents: readonly Extent[], from: number, to: number): boolean {
  let [low, high] = [0, extents.length];
  // The first extent that ends behind `from`.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((extents[middle]?.to ?? 0) > from) high = middle;
    else low = middle + 1;
  }
  const extent = extents[low];
  return extent !== undefined && extent.from < to;
}
