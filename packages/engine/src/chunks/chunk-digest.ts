// The digest of a large file is a digest over those of its chunks: chunks can be digested beside each other, in any order and
// once for all that wants to know them, and holes need not be read.
import { createHash } from 'node:crypto';
import { chunkBytes } from './chunk-size.ts';

const zeros = Buffer.alloc(chunkBytes);
let wholeOfZeros: string | undefined;

/** SHA-256 of a chunk, 64 hexadecimal digits; null when it has only zeros. Takes milliseconds: `ChunkThreads` run it. */
export function digestChunk(bytes: Uint8Array): string | null {
  return zeros.compare(bytes, 0, bytes.byteLength, 0, bytes.byteLength) === 0 ? null : sha256(bytes);
}

/**
 * `sha256-4m:…` of a file with these chunks, null for those of zeros: the digits are what
 * `split -b 4M --filter=sha256sum FILE | sha256sum` prints, so that everybody can check them.
 */
export function digestOfChunks(sizeBytes: number, digests: readonly (string | null)[]): string {
  const hash = createHash('sha256');
  for (const [index, digest] of digests.entries()) {
    hash.update(`${digest ?? digestOfZeros(Math.min(chunkBytes, sizeBytes - index * chunkBytes))}  -\n`);
  }
  return `sha256-4m:${hash.digest('hex')}`;
}

function digestOfZeros(length: number): string {
  if (length < chunkBytes) return sha256(zeros.subarray(0, length));
  return (wholeOfZeros ??= sha256(zeros));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
