// Reads a file chunk by chunk, several at a time. Each byte is read once: the digest and what was made of the chunks are of
// the same bytes, whatever happens to the file meanwhile.
import { type FileHandle, open } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { digestChunk, digestOfChunks } from './chunk-digest.ts';
import { chunkBytes, chunkCount } from './chunk-size.ts';
import type { ChunkThreads } from './chunk-threads.ts';
import { dataExtents, type Extent } from './data-extents.ts';
import { Flight } from './flight.ts';

export interface ReadChunksOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with bytes of the file that are done with, and its size. */
  readonly progress?: (doneBytes: number, sizeBytes: number) => void;
  /** Gets every chunk that is not only zeros, in any order, for as long as it works on it. */
  readonly visit?: (bytes: Uint8Array, chunk: VisitedChunk) => Promise<void>;
}

export interface VisitedChunk {
  readonly index: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** Aborted when the file is given up. */
  readonly signal: AbortSignal;
}

export interface DigestedFile {
  readonly sizeBytes: number;
  /** `sha256-4m:…` (chunk-digest.ts) */
  readonly digest: string;
}

const digesting = new URL('./chunk-digest.ts', import.meta.url);

/** @throws PlayhouseError file-unreadable, cancelled, and what `visit` throws. */
export async function readChunks(
  path: string,
  threads: ChunkThreads,
  { signal, progress, visit }: ReadChunksOptions = {},
): Promise<DigestedFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new PlayhouseError('file-unreadable', { file: path, detail: String(cause) }, { cause });
  });
  const flight = new Flight(signal);
  try {
    const { size: sizeBytes, blocks } = await file.stat();
    const extents = await dataExtents(path, { size: sizeBytes, blocks });
    const digests: (string | null)[] = Array.from({ length: chunkCount(sizeBytes) }, () => null);
    let doneBytes = 0;
    for (let at = 0, index = 0; at < sizeBytes && !flight.isLost; at += chunkBytes, index++) {
      const length = Math.min(chunkBytes, sizeBytes - at);
      const tally = () => progress?.((doneBytes += length), sizeBytes);
      if (!touches(extents, at, at + length)) {
        tally();
        continue;
      }
      const slot = await threads.takeSlot();
      const work = async (bytes: Uint8Array) => {
        await readFully(file, bytes, at, path);
        const digest = await threads.run({ module: digesting, task: digestChunk }, bytes);
        digests[index] = digest;
        if (digest !== null) await visit?.(bytes, { index, digest, signal: flight.signal });
        tally();
      };
      flight.add(work(slot.subarray(0, length)).finally(() => threads.giveSlot(slot)));
    }
    await flight.land();
    return { sizeBytes, digest: digestOfChunks(sizeBytes, digests) };
  } catch (error) {
    await flight.land().catch(() => {});
    throw error;
  } finally {
    await file.close();
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
