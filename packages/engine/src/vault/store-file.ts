// Brings the chunks of a file to the vault that it lacks.
import type { ChunkThreads } from '../chunks/chunk-threads.ts';
import { readChunks } from '../chunks/read-chunks.ts';
import { chunkCount } from '../chunks/chunk-size.ts';
import type { Chunks } from './chunks.ts';
import type { FileIndex } from './file-index.ts';

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
  { signal, sendAll, progress }: StoreFileOptions,
): Promise<{ readonly index: FileIndex; readonly sentBytes: number }> {
  const names = new Map<number, string>();
  let sentBytes = 0;
  const { sizeBytes, digest } = await readChunks(path, threads, {
    ...{ signal, progress },
    visit: async (bytes, chunk) => {
      const sent = await chunks.send(bytes, { digest: chunk.digest, sendAll, signal: chunk.signal });
      names.set(chunk.index, sent.name);
      sentBytes += sent.sentBytes;
    },
  });
  const listed = Array.from({ length: chunkCount(sizeBytes) }, (_, index) => names.get(index) ?? null);
  return { index: { sizeBytes, digest, chunks: listed }, sentBytes };
}
