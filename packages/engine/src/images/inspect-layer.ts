import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { extract } from 'tar-stream';
import { type LayerGuard, tooLarge } from './layer-guard.ts';

const chunkSize = 1024 * 1024;

export interface LayerInspection {
  /** The reference as the user wrote it, for errors. */
  readonly source: string;
  /** Which layer it is, counted from 1. */
  readonly layer: number;
  /** The layer as the registry has it: a tar archive, maybe compressed. */
  readonly blob: string;
  readonly digest: string;
  /** Where the archive goes, without its compression, when that is one which umoci does not know. */
  readonly target: string;
  readonly guard: LayerGuard;
  /** Most bytes that the image may have, in words. */
  readonly limit: string;
}

export type Compression = 'gzip' | 'zstd' | 'none';

/**
 * Looks at each entry of a layer while its compression is undone, so that nothing that breaks a limit is ever written; gives
 * the compression. Only of `zstd` there is something in `target`, which must not be used after a failure.
 * @throws PlayhouseError image-layer-refused, image-too-large, image-digest-wrong
 */
export async function inspectLayer(inspection: LayerInspection, signal: AbortSignal): Promise<Compression> {
  const { source, layer, blob, digest, guard } = inspection;
  const compression = compressionOf(await firstBytes(blob));
  const hash = createHash('sha256');
  const archive = extract();
  // The pipeline tells of it; tar-stream says it once more when nobody listens any longer.
  archive.on('error', () => {});
  archive.on('entry', (header, content, next) => {
    content.on('error', () => {});
    const { name, type, linkname, size } = header;
    const reason = guard.admit({ name, type: type ?? null, linkname: linkname ?? null, size });
    if (reason !== null) return next(refusal(inspection, name, reason));
    content.on('end', () => next());
    content.resume();
  });
  const target = compression === 'zstd' ? await open(inspection.target, 'w', 0o600) : null;
  try {
    await pipeline(
      createReadStream(blob, { highWaterMark: chunkSize }),
      async function* hashing(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      decompressors[compression](),
      async function* counting(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          if (!guard.count(chunk.byteLength)) throw refusal(inspection, '', tooLarge);
          await target?.writeFile(chunk);
          yield chunk;
        }
      },
      archive,
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PlayhouseError || isSystemError(error)) throw error;
    const reason = `breaks the archive (${error instanceof Error ? error.message : String(error)})`;
    throw new PlayhouseError(
      'image-layer-refused',
      { source, layer, entry: '(the archive)', reason },
      { cause: error },
    );
  } finally {
    await target?.close();
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found === digest) return compression;
  throw new PlayhouseError('image-digest-wrong', { source, detail: `layer ${digest} has become ${found}` });
}

function refusal({ source, layer, limit }: LayerInspection, entry: string, reason: string): PlayhouseError {
  return reason === tooLarge
    ? new PlayhouseError('image-too-large', { source, limit })
    : new PlayhouseError('image-layer-refused', { source, layer, entry: printableName(entry), reason });
}

function printableName(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

const decompressors = {
  gzip: () => createGunzip({ chunkSize }),
  zstd: () => createZstdDecompress({ chunkSize }),
  none: () => new PassThrough(),
} as const satisfies Record<Compression, () => Transform>;

/** By what the layer begins with: media types are the registry’s word only. */
function compressionOf(start: Buffer): Compression {
  if (start.readUInt16BE() === 0x1f_8b) return 'gzip';
  return start.readUInt32BE() === 0x28_b5_2f_fd ? 'zstd' : 'none';
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    await file.read(bytes, 0, bytes.byteLength, 0);
    return bytes;
  } finally {
    await file.close();
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
