// How every object is sealed: zstd where that makes it smaller, then AES-256-GCM with a fresh random nonce. The object's key
// is authenticated with it, so storage that gives one object for another is found out as surely as a flipped bit.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + nonceBytes;
const algorithm = 'aes-256-gcm';
const plain = 0;
const compressed = 1;

/** What sealing adds at most. */
export const sealingBytes = headerBytes + 1 + tagBytes;

/** `format | nonce | sealed(codec | content) | tag`. Synchronous: for large contents call it in a worker. */
export function seal(content: Uint8Array, key: Uint8Array, objectKey: string): Uint8Array<ArrayBuffer> {
  const packed = zstdCompressSync(content, {
    // One buffer for the whole output: by default it is put together from pieces of 16 KiB.
    chunkSize: Math.max(64, content.byteLength + (content.byteLength >> 7) + 1024),
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  });
  const isSmaller = packed.byteLength < content.byteLength;
  const body = isSmaller ? packed : content;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(objectKey));
  const parts = [
    Uint8Array.of(format),
    nonce,
    cipher.update(Uint8Array.of(isSmaller ? compressed : plain)),
    cipher.update(body),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  const sealed = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    sealed.set(part, at);
    at += part.byteLength;
  }
  return sealed;
}

/** Why an object is not what was stored under its key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** What was sealed, of at most `limit` bytes. @throws SealBroken when it was cut, changed, swapped, or the key is another. */
export function unseal(sealed: Uint8Array, key: Uint8Array, objectKey: string, limit: number): Uint8Array {
  if (sealed.byteLength < sealingBytes) {
    throw new SealBroken(`it has only ${sealed.byteLength} bytes, the smallest object has ${sealingBytes}`);
  }
  if (sealed[0] !== format) {
    throw new SealBroken(
      `its first byte says format ${sealed[0]}, this version of Playhouse reads ${format}`,
    );
  }
  const nonce = sealed.subarray(1, headerBytes);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(objectKey));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  let body: Buffer;
  try {
    body = decipher.update(sealed.subarray(headerBytes, -tagBytes));
    decipher.final();
  } catch {
    throw new SealBroken(
      `its ${sealed.byteLength} bytes are not what was sealed under this name with this key (cut off, changed or swapped)`,
    );
  }
  const content = body.subarray(1);
  if (body[0] === compressed)
    return zstdDecompressSync(content, { maxOutputLength: limit, chunkSize: limit });
  if (body[0] !== plain || content.byteLength > limit) throw new SealBroken('it holds what nobody stores');
  return content;
}
