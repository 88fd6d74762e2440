// The list of a file's chunks: what `files/<name>` holds once it is opened. Binary, because a large file has many chunks.

import { chunkBytes, chunkCount } from '../chunks/chunk-size.ts';

const nameBytes = 32;
const digestBytes = 32;
const digestPrefix = 'sha256-4m:';
const magic = Buffer.from('PHFILE2\0', 'latin1');
const headerBytes = magic.byteLength + 8 + 4 + digestBytes;

export interface FileIndex {
  readonly sizeBytes: number;
  /** `sha256-4m:` and the digest of the whole file (chunk-digest.ts). */
  readonly digest: string;
  /** The name of each chunk, 64 hexadecimal digits; null where the file has only zeros. */
  readonly chunks: readonly (string | null)[];
}

/** `magic | size | bytes of a chunk | digest | a bit per chunk, set where it is stored | the names of those`. */
export function encodeIndex({ sizeBytes, digest, chunks }: FileIndex): Uint8Array {
  const names = chunks.filter((name) => name !== null);
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  let at = header.writeBigUInt64BE(BigInt(sizeBytes), magic.byteLength);
  at = header.writeUInt32BE(chunkBytes, at);
  header.write(digest.replace(digestPrefix, ''), at, 'hex');
  const bits = Buffer.alloc(Math.ceil(chunks.length / 8));
  for (const [index, name] of chunks.entries()) {
    if (name !== null) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return Buffer.concat([header, bits, Buffer.from(names.join(''), 'hex')]);
}

/** The index of these bytes. @throws RangeError when they are none that `encodeIndex` makes. */
export function decodeIndex(bytes: Uint8Array): FileIndex {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.byteLength < headerBytes || !buffer.subarray(0, magic.byteLength).equals(magic)) {
    throw new RangeError('it does not begin as a list of chunks');
  }
  const sizeBytes = Number(buffer.readBigUInt64BE(magic.byteLength));
  const size = buffer.readUInt32BE(magic.byteLength + 8);
  if (size !== chunkBytes) throw new RangeError(`its chunks are of ${size} bytes, not ${chunkBytes}`);
  const digest = `${digestPrefix}${buffer.toString('hex', headerBytes - digestBytes, headerBytes)}`;
  const count = chunkCount(sizeBytes);
  if (!Number.isSafeInteger(sizeBytes) || count > buffer.byteLength * 8) {
    throw new RangeError(`a file of ${sizeBytes} bytes has more chunks than it lists`);
  }
  const bits = buffer.subarray(headerBytes, headerBytes + Math.ceil(count / 8));
  let at = headerBytes + Math.ceil(count / 8);
  const chunks = Array.from({ length: count }, (_, index) => {
    if (((bits[index >> 3] ?? 0) & (1 << (index & 7))) === 0) return null;
    const name = buffer.toString('hex', at, at + nameBytes);
    at += nameBytes;
    return name;
  });
  if (at !== buffer.byteLength) throw new RangeError(`it has ${buffer.byteLength} bytes, not ${at}`);
  return { sizeBytes, digest, chunks };
}
