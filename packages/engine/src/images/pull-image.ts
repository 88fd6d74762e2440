// One pull, from a reference to a base layer. All that it makes before the layer is published lies in one folder, whose name
// tells the store to remove it after a crash; run again, it fetches only what is not in the blob cache. So it needs no journal.
import { readFile, stat, symlink } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type ImageReference, parseImageReference } from '@playhouse/contract/image-reference';
import type { Progress } from '@playhouse/contract/operation';
import { convertToQcow2, virtualSize } from '../layers/qemu-img.ts';
import { explainSkopeo } from '../registry/explain-skopeo.ts';
import {
  type ImageConfig,
  type ImageManifest,
  readConfig,
  readManifest,
} from '../registry/image-manifest.ts';
import type { Registries } from '../registry/registries.ts';
import { copyCommand, inspectCommand } from '../registry/skopeo.ts';
import { isDiskFull, namesIn } from '../system/durable-file.ts';
import { run } from '../system/run.ts';
import type { BlobCache } from './blob-cache.ts';
import { readImageContent } from './image-content.ts';
import { digestFile, makeExt4 } from './image-file.ts';
import { inspectLayer } from './inspect-layer.ts';
import { LayerGuard } from './layer-guard.ts';
import type { BakedSource, SourceStore } from './source-store.ts';
import { layerFile, makeLayout, runConfined, type UnpackedLayer, unpackImage } from './unpack-image.ts';

/** The phases of a pull, which are the steps of a `source.pull` operation. */
export const pullPhases = [
  'Resolving the image',
  'Fetching layers',
  'Checking layers',
  'Unpacking layers',
  'Making the base layer',
] as const;
export type PullPhase = (typeof pullPhases)[number];

export interface PullTools {
  readonly sources: SourceStore;
  readonly blobs: BlobCache;
  readonly registries: Registries;
  /** Most bytes that an image may have, unpacked. */
  readonly limitBytes: number;
}

/** Hears how a pull gets on. */
export interface PullVoice {
  readonly signal: AbortSignal;
  phase(label: PullPhase): void;
  detail(text: string): void;
  progress(progress: Progress): void;
  log(line: string): void;
}

const inspectTimeoutMs = 60_000;
const copyTimeoutMs = 3_600_000;
const progressEveryMs = 300;
/** Entries of all layers together; a whole distribution has a tenth of it. */
const mostEntries = 3_000_000;
const gibibyte = 1024 ** 3;

/**
 * Pulls an image, or what is new of it. `staging` is the name of its folder in the store; after a success it is left to the
 * store’s `collect`, because to remove thousands of files takes as long as to make them.
 * @throws PlayhouseError reference-invalid, registry-*, image-*, disk-full, cancelled
 */
export async function pullImage(
  source: string,
  staging: string,
  tools: PullTools,
  voice: PullVoice,
): Promise<BakedSource> {
  const reference = parseImageReference(source);
  if (reference === null) throw new PlayhouseError('reference-invalid', { value: source });
  try {
    return await new Pull(source, reference, tools, voice).run(staging);
  } catch (error) {
    await tools.sources.unstage(staging);
    if (!isDiskFull(error) && !/No space left on device|not enough free space/i.test(String(error)))
      throw error;
    throw new PlayhouseError('disk-full', { path: tools.sources.directory }, { cause: error });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

class Pull {
  readonly #source: string;
  readonly #reference: ImageReference;
  readonly #tools: PullTools;
  readonly #voice: PullVoice;

  constructor(source: string, reference: ImageReference, tools: PullTools, voice: PullVoice) {
    this.#source = source;
    this.#reference = reference;
    this.#tools = tools;
    this.#voice = voice;
  }

  async run(staging: string): Promise<BakedSource> {
    const { sources } = this.#tools;
    this.#voice.phase('Resolving the image');
    const { digest, platformDigest, image } = await this.#resolve();
    this.#voice.detail(digest);
    const known = await sources.adopt(this.#source, digest);
    if (known !== null) {
      this.#voice.log('the same image is here already');
      return known;
    }
    const folder = await sources.stage(staging);
    this.#voice.phase('Fetching layers');
    const fetched = await this.#fetch(staging, platformDigest, image);
    this.#voice.phase('Checking layers');
    const { entries, layers } = await this.#check(folder, fetched);
    this.#voice.phase('Unpacking layers');
    const root = `${folder}/root`;
    const layout = `${folder}/layout`;
    const { configText: config } = fetched;
    const blobs = this.#tools.blobs.directory;
    const unpacking = { source: this.#source, folder, layout, root, config, blobs, layers };
    await unpackImage(unpacking, this.#voice.signal);
    this.#voice.phase('Making the base layer');
    return await this.#publish(folder, root, { digest, blobs: fetched.blobs, entries });
  }

  /** Asks the registry what the reference stands for now, down to the image for this kind of machine. */
  async #resolve() {
    const asked = await this.#manifest(this.#reference);
    const { digest } = asked;
    if (asked.read.kind !== 'list') return { digest, platformDigest: digest, image: this.#fit(asked.read) };
    const platformDigest = asked.read.digest;
    const { read } = await this.#manifest({ ...this.#reference, digest: platformDigest });
    return { digest, platformDigest, image: this.#fit(read) };
  }

  #fit(read: ReturnType<typeof readManifest>): ImageManifest {
    if (read.kind === 'image') return read.image;
    const detail = read.kind === 'unfit' ? read.reason : 'its list of images holds another list';
    throw new PlayhouseError('image-unfit', { source: this.#source, detail });
  }

  async #manifest(reference: ImageReference) {
    const text = await this.#tools.registries.withAccess(reference.registry, async (access) => {
      return await this.#skopeo(inspectCommand(reference, access), reference, inspectTimeoutMs);
    });
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    if (reference.digest !== null && reference.digest !== digest) {
      const detail = `the registry answered with ${digest}`;
      throw new PlayhouseError('image-digest-wrong', { source: this.#source, detail });
    }
    return { digest, read: readManifest(text) };
  }

  async #fetch(staging: string, platformDigest: string, image: ImageManifest) {
    const { blobs, registries } = this.#tools;
    const layout = await blobs.stage(staging);
    const wanted = [image.config, ...image.layers];
    const there = await Promise.all(wanted.map(async ({ digest }) => await blobs.size(digest)));
    const missing = wanted.filter(({ size }, at) => there[at] !== size);
    this.#voice.detail(`${missing.length} of ${wanted.length} blobs are new`);
    this.#voice.log(`fetching ${missing.map(({ digest }) => digest).join(' ') || 'nothing new'}`);
    const reference = { ...this.#reference, digest: platformDigest };
    const total = missing.reduce((sum, { size }) => sum + size, 0);
    const watch = setInterval(() => void this.#tellFetched(layout, missing, total), progressEveryMs);
    try {
      await registries.withAccess(reference.registry, async (access) => {
        const command = copyCommand(reference, access, { layout, blobs: blobs.directory });
        await this.#skopeo(command, reference, copyTimeoutMs);
      });
      this.#voice.progress({ done: total, total, unit: 'bytes' });
      return await this.#readFetched(layout);
    } finally {
      clearInterval(watch);
      await blobs.unstage(staging);
    }
  }

  /** What skopeo wrote: it may have turned a manifest of Docker’s into one of OCI’s. */
  async #readFetched(layout: string) {
    const { blobs } = this.#tools;
    const index = JSON.parse(await readFile(`${layout}/index.json`, 'utf8')) as {
      manifests: readonly { digest: string }[];
    };
    const manifestDigest = index.manifests[0]?.digest ?? '';
    const manifest = this.#fit(readManifest(await blobs.text(manifestDigest)));
    const configText = await blobs.text(manifest.config.digest);
    const config = readConfig(configText, manifest.layers.length);
    if (typeof config === 'string') {
      throw new PlayhouseError('image-unfit', { source: this.#source, detail: config });
    }
    const all = [manifestDigest, manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
    return { manifest, config, configText, blobs: all };
  }

  async #tellFetched(
    layout: string,
    missing: readonly { readonly digest: string; readonly size: number }[],
    total: number,
  ): Promise<void> {
    const there = await Promise.all(missing.map(async ({ digest }) => await this.#tools.blobs.size(digest)));
    // Blobs under way are files of skopeo’s in the layout, until they are whole.
    const names = (await namesIn(layout)).filter((name) => name.startsWith('oci-put-blob'));
    const under = await Promise.all(
      names.map(async (name) => (await stat(`${layout}/${name}`).catch(() => null))?.size ?? 0),
    );
    const done = [...there, ...under].reduce((sum, size) => sum + size, 0);
    this.#voice.progress({ done: Math.min(done, total), total, unit: 'bytes' });
  }

  async #check(
    folder: string,
    { manifest, config }: { readonly manifest: ImageManifest; readonly config: ImageConfig },
  ) {
    const { limitBytes, blobs } = this.#tools;
    const layout = `${folder}/layout`;
    await makeLayout(layout);
    const guard = new LayerGuard({ bytes: limitBytes, entries: mostEntries });
    const layers: UnpackedLayer[] = [];
    const total = manifest.layers.length;
    const limit = `${Number((limitBytes / gibibyte).toFixed(3))} GiB, or ${mostEntries} files`;
    for (const [at, { digest, size }] of manifest.layers.entries()) {
      this.#voice.detail(`layer ${at + 1} of ${total}`);
      const blob = blobs.path(digest);
      const diffId = config.rootfs.diff_ids[at] ?? '';
      const target = layerFile(layout, diffId);
      const layer = { source: this.#source, layer: at + 1, blob, digest, target, guard, limit };
      const compression = await inspectLayer(layer, this.#voice.signal).catch(async (error: unknown) => {
        // A damaged blob is fetched anew by the next pull.
        if (error instanceof PlayhouseError && error.code === 'image-digest-wrong')
          await blobs.remove(digest);
        throw error;
      });
      if (compression === 'zstd') {
        layers.push({ compression: 'none', digest: diffId, size: (await stat(target)).size });
        continue;
      }
      // The same layer may be there twice.
      await symlink(blob, layerFile(layout, digest)).catch(ignoreExisting);
      layers.push({ compression, digest, size });
    }
    return { entries: guard.entries, layers };
  }

  async #publish(
    folder: string,
    root: string,
    facts: { readonly digest: string; readonly blobs: readonly string[]; readonly entries: number },
  ): Promise<BakedSource> {
    const { sources } = this.#tools;
    const content = await readImageContent(root);
    const [raw, layer] = [`${folder}/root.ext4`, `${folder}/layer.qcow2`];
    this.#voice.detail('making the file system');
    const options = { label: 'root', slackBytes: 0, journal: true, entries: facts.entries };
    const { signal } = this.#voice;
    const confined = runConfined(folder);
    await makeExt4(root, raw, options, async (argv, more) => await confined(argv, { ...more, signal }));
    this.#voice.detail('making the layer');
    await convertToQcow2(raw, layer);
    signal.throwIfAborted();
    const [{ size }, virtualBytes, digest] = await Promise.all([
      stat(layer),
      virtualSize(layer),
      digestFile(layer),
    ]);
    const { users, ...rest } = content;
    const image = { digest: facts.digest, blobs: [...facts.blobs], ...rest, accounts: [...rest.accounts] };
    const bakedAt = new Date().toISOString();
    const baked = {
      name: this.#source,
      digest,
      sizeBytes: size,
      virtualBytes,
      users: [...users],
      bakedAt,
      image,
    };
    return await sources.publish(layer, baked);
  }

  async #skopeo(command: readonly string[], reference: ImageReference, timeoutMs: number): Promise<string> {
    const { registry, repository, digest } = reference;
    const { exitCode, stdout, stderr } = await run(command, { timeoutMs, signal: this.#voice.signal });
    if (exitCode === 0) return stdout;
    const task = { registry, what: repository, source: this.#source, byDigest: digest !== null };
    throw explainSkopeo(stderr, task);
  }
}
