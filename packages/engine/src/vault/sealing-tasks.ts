// Sealing and opening chunks, which takes milliseconds each: run in threads so that the engine stays quick.
import { Tinypool } from 'tinypool';
import { digestChunk } from '../chunks/chunk-digest.ts';
import { chunkBytes } from '../chunks/chunk-size.ts';
import { seal, SealBroken, unseal } from './sealed.ts';

interface SealTask {
  readonly bytes: Uint8Array;
  readonly key: Uint8Array;
  readonly objectKey: string;
}

/** What is to be stored; handed over, not copied. */
export function sealChunk({ bytes, key, objectKey }: SealTask): Uint8Array<ArrayBuffer> {
  return Tinypool.move(seal(bytes, key, objectKey)) as Uint8Array<ArrayBuffer>;
}

interface UnsealTask extends SealTask {
  /** Where the plaintext goes; it must fill it. */
  readonly into: Uint8Array;
}

/** The digest of what came, null for zeros; or what is wrong with the object. */
export function unsealChunk({
  bytes,
  key,
  objectKey,
  into,
}: UnsealTask): { readonly digest: string | null } | { readonly fault: string } {
  try {
    const content = unseal(bytes, key, objectKey, chunkBytes);
    if (content.byteLength !== into.byteLength) {
      return { fault: `it holds ${content.byteLength} bytes, its file needs ${into.byteLength}` };
    }
    into.set(content);
    return { digest: digestChunk(into) };
  } catch (error) {
    if (error instanceof SealBroken) return { fault: error.message };
    throw error;
  }
}
