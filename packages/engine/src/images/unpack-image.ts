// From inspected layers to a root directory. umoci does it, in a room where it can reach nothing but its own folder: what the
// inspection overlooked would still harm nobody.
import { mkdir, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { createHash } from 'node:crypto';
import { confine } from '../system/confinement.ts';
import { type Run, runOrFail } from '../system/run.ts';

/** What it takes to give files their owners, modes and capabilities; devices cannot be made. */
const capabilities = ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_SETFCAP'];
const unpackTimeoutMs = 1_800_000;

/** Runs programs that see and change one folder only, and of the network nothing. */
export function runConfined(folder: string, readable: readonly string[] = []): Run {
  return async (argv, options) =>
    await runOrFail([...confine({ writable: [folder], readable, capabilities }), ...argv], options);
}

/** A layer as umoci is to read it. */
export interface UnpackedLayer {
  readonly compression: 'gzip' | 'none';
  readonly digest: string;
  readonly size: number;
}

/** Where a layer is in a layout. */
export function layerFile(layout: string, digest: string): string {
  return `${layout}/blobs/sha256/${digest.replace('sha256:', '')}`;
}

/** Makes the folders of an OCI layout. */
export async function makeLayout(layout: string): Promise<void> {
  await mkdir(`${layout}/blobs/sha256`, { recursive: true, mode: 0o700 });
}

/**
 * Unpacks the layers in `layout` into `root`, which must not exist; both lie in `folder`, and links of the layout lead into
 * `blobs`. umoci compares each layer with its digest, and what it holds with the
 * one that the image’s configuration gives of it.
 * @throws PlayhouseError image-unfit
 */
export async function unpackImage(
  image: {
    readonly source: string;
    readonly folder: string;
    readonly layout: string;
    readonly root: string;
    readonly config: string;
    readonly blobs: string;
    readonly layers: readonly UnpackedLayer[];
  },
  signal: AbortSignal,
): Promise<void> {
  const { source, folder, layout, root, config, blobs, layers } = image;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: await addBlob(layout, config, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map(({ compression, digest, size }) => ({
      mediaType: `application/vnd.oci.image.layer.v1.tar${compression === 'gzip' ? '+gzip' : ''}`,
      digest,
      size,
    })),
  });
  const descriptor = await addBlob(layout, manifest, 'application/vnd.oci.image.manifest.v1+json');
  const annotations = { 'org.opencontainers.image.ref.name': 'image' };
  const index = { schemaVersion: 2, manifests: [{ ...descriptor, annotations }] };
  await writeFile(`${layout}/index.json`, JSON.stringify(index));
  await writeFile(`${layout}/oci-layout`, JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const run = runConfined(folder, [blobs]);
  try {
    await run(['umoci', 'raw', 'unpack', '--image', `${layout}:image`, root], {
      timeoutMs: unpackTimeoutMs,
      signal,
    });
  } catch (error) {
    if (!(error instanceof PlayhouseError) || error.code !== 'command-failed') throw error;
    if (/no space left on device/i.test(error.message)) throw error;
    const detail = error.message.split('⨯').at(-1)?.trim() ?? '';
    throw new PlayhouseError('image-unfit', { source, detail }, { cause: error });
  }
  const { stdout } = await run(['find', root, '-type', 'b', '-print', '-o', '-type', 'c', '-print']);
  if (stdout === '') return;
  throw new PlayhouseError('image-unfit', { source, detail: 'it brings device nodes' });
}

async function addBlob(layout: string, content: string, mediaType: string) {
  const hex = createHash('sha256').update(content).digest('hex');
  await writeFile(`${layout}/blobs/sha256/${hex}`, content);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
}
