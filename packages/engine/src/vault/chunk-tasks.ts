// The heavy work on chunks, run in worker threads so that the engine stays quick: naming, sealing, opening, hashing. Chunks
// come and go in shared memory; only what is sealed is handed over.
import { createHash, createHmac, type Hash } from 'node:crypto';
import { chunkBytes } from './file-index.ts';
import { seal, SealBroken, unseal } from './sealed.ts';

const zeros = Buffer.alloc(chunkBytes);

/**
 * The name of a chunk: a keyed digest of its plaintext, so that equal chunks are stored once and a name tells nothing to who
 * lacks the key. Null when there are only zeros.
 */
export function nameChunk({ bytes, key }: { bytes: Uint8Array; key: Uint8Array }): string | null {
  if (zeros.compare(bytes, 0, bytes.byteLength, 0, bytes.byteLength) === 0) return null;
  return createHmac('sha256', key).update(bytes).digest('hex');
}

interface SealTask {
  readonly bytes: Uint8Array;
  readonly key: Uint8Array;
  readonly objectKey: string;
}

export function sealChunk({ bytes, key, objectKey }: SealTask): Uint8Array<ArrayBuffer> {
  return seal(bytes, key, objectKey);
}

interface UnsealTask extends SealTask {
  /** Where the plaintext goes; it must fill it. */
  readonly into: Uint8Array;
}

/** Null when all is well, else what is wrong with the object. */
export function unsealChunk({ bytes, key, objectKey, into }: UnsealTask): string | null {
  try {
    const content = unseal(bytes, key, objectKey, chunkBytes);
    if (content.byteLength !== into.byteLength) {
      return `it holds ${content.byteLength} bytes, its file needs ${into.byteLength}`;
    }
    into.set(content);
    return null;
  } catch (error) {
    if (error instanceof SealBroken) return error.message;
    throw error;
  }
}

/** Digests under way. There is one hashing thread, so a file’s parts all come here, in their order. */
const hashes = new Map<number, Hash>();

/** Goes on with the digest of file `id`; `bytes` may be a number of zeros. */
export function hashPart({ id, bytes }: { id: number; bytes: Uint8Array | number }): void {
  const hash = hashes.get(id) ?? createHash('sha256');
  hashes.set(id, hash);
  hash.update(typeof bytes === 'number' ? zeros.subarray(0, bytes) : bytes);
}

/** Ends the digest of file `id`, and forgets it. */
export function hashEnd({ id }: { id: number }): string {
  const hash = hashes.get(id) ?? createHash('sha256');
  hashes.delete(id);
  return `sha256:${hash.digest('hex')}`;
}
