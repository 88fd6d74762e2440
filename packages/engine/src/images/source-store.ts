// The sources of a playroom: sources/<name>@<digest>/layer.qcow2, and sources/<name>.json which names the one that new machines
// start from. Images from registries have the digest of their manifest in the place of a name. Layers are immutable; a machine
// that runs keeps the one it began with.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { canonicalSource, isImageSource } from '@playhouse/contract/image-reference';
import type { Source } from '@playhouse/contract/source';
import { parseStandIns, type SourceStandIns, standInFor } from '@playhouse/contract/source-stand-ins';
import { z } from 'zod';
import {
  isMissing,
  readJson,
  readTextIfPresent,
  removeTree,
  syncDirectory,
  writeDurably,
} from '../system/durable-file.ts';
import { Turns } from '../system/turns.ts';
import { digestFile } from './image-file.ts';
import { listStandIns } from './list-stand-ins.ts';
import type { SourceRecipe } from './recipe.ts';

/** What is known of a source that came from a registry. */
const imageSchema = z.object({
  /** What its reference stood for when it was pulled. */
  digest: z.string(),
  /** Its manifest, configuration and layers in the blob cache. */
  blobs: z.array(z.string()),
  /** Everybody in its /etc/passwd. */
  accounts: z.array(z.string()),
  init: z.string().nullable(),
  sshServer: z.string().nullable(),
});

const bakedSourceSchema = z.object({
  name: z.string(),
  digest: z.string(),
  sizeBytes: z.int(),
  virtualBytes: z.int(),
  users: z.array(z.string()),
  bakedAt: z.iso.datetime(),
  image: imageSchema.nullable().default(null),
});

type Description = z.infer<typeof bakedSourceSchema>;
export type BakedSource = Description & { readonly layer: string };

const imagePointer = 'image-';

export class SourceStore {
  readonly directory: string;
  readonly #recipes: readonly SourceRecipe[];
  readonly #standIns: SourceStandIns;
  /** Checks that are going on: machines that start at the same time share one. */
  readonly #checks = new Map<string, Promise<void>>();
  /** Pointers and layers change one after the other. */
  readonly #turns = new Turns();

  /** `standIns` as the configuration has them. */
  constructor(directory: string, recipes: readonly SourceRecipe[], standIns = '') {
    this.directory = directory;
    this.#recipes = recipes;
    this.#standIns = parseStandIns(standIns) ?? {};
  }

  /** What a machine gets that wants this source: the source itself, or what stands in for one that there is not. */
  inPlaceOf(name: string): string {
    if (this.#recipes.some((recipe) => recipe.name === name)) return name;
    return standInFor(this.#standIns, name) ?? name;
  }

  /** @throws PlayhouseError source-unknown */
  recipe(name: string): SourceRecipe {
    const recipe = this.#recipes.find((candidate) => candidate.name === name);
    if (recipe) return recipe;
    const known = this.#recipes.map((candidate) => candidate.name).join(', ');
    throw new PlayhouseError('source-unknown', { source: name, known });
  }

  /** The source of this name as it lies here, or null. @throws PlayhouseError source-unknown */
  async find(name: string): Promise<BakedSource | null> {
    if (!isImageSource(name)) this.recipe(name);
    return await this.#read(this.#pointer(canonicalSource(name)));
  }

  /**
   * The source with its layer checked: present, of the right size, and of the right digest. The digest is computed
   * anew only when the file changed since it was last found good.
   * @throws PlayhouseError source-unknown, source-not-baked, source-corrupt
   */
  async verified(name: string): Promise<BakedSource> {
    const source = await this.find(name);
    if (source === null) throw new PlayhouseError('source-not-baked', { source: name });
    await this.#verify(source);
    return source;
  }

  /** The source that a layer in use was made as, whatever its name stands for today; null when nothing says so. */
  async describe(layer: string): Promise<BakedSource | null> {
    return await this.#read(`${layer.slice(0, layer.lastIndexOf('/'))}/source.json`);
  }

  async list(): Promise<readonly Source[]> {
    const official = this.#recipes.map(async ({ name, description, users }): Promise<Source> => {
      const baked = await this.find(name);
      const { digest = null, sizeBytes = null, bakedAt = null } = baked ?? {};
      const facts = { baked: baked !== null, digest, imageDigest: null, sizeBytes, sshServer: null, bakedAt };
      return { name, kind: 'official', description, instead: null, users: [...users], ...facts };
    });
    const images = (await this.#images()).map(
      ({ name, digest, sizeBytes, users, bakedAt, image }): Source => {
        const facts = { digest, imageDigest: image?.digest ?? null, sizeBytes, users, bakedAt };
        const description = 'Image from a registry';
        const { sshServer = null } = image ?? {};
        return { name, kind: 'image', description, instead: null, baked: true, sshServer, ...facts };
      },
    );
    const sources = [
      ...(await Promise.all(official)),
      ...images.toSorted((a, b) => a.name.localeCompare(b.name)),
    ];
    return [...sources, ...listStandIns(this.#standIns, sources)];
  }

  /** Digests of all blobs that the images here were made of. */
  async blobsInUse(): Promise<ReadonlySet<string>> {
    return new Set((await this.#images()).flatMap(({ image }) => image?.blobs ?? []));
  }

  /** A folder to work in, empty. */
  async stage(id: string): Promise<string> {
    const staging = `${this.directory}/.${id}`;
    await removeTree(staging);
    await mkdir(staging, { recursive: true, mode: 0o755 });
    return staging;
  }

  /** Makes the staged file the layer that new machines of this source start from. */
  async publish(stagedLayer: string, source: Description): Promise<BakedSource> {
    const directory = this.#layerDirectory(source);
    const layer = `${directory}/layer.qcow2`;
    await this.#turns.take('sources', async () => {
      await removeTree(directory);
      await mkdir(directory, { mode: 0o755 });
      await chmod(stagedLayer, 0o444);
      await rename(stagedLayer, layer);
      await writeDurably(`${directory}/verified`, (await fileIdentity(layer)) ?? '', 0o644);
      await writeDurably(`${directory}/source.json`, JSON.stringify(source), 0o644);
      await syncDirectory(directory);
      await writeDurably(this.#pointer(source.name), JSON.stringify(source), 0o644);
    });
    return { ...source, layer };
  }

  /** Gives an image that is here, whole, this name too; null when there is none of that digest. */
  async adopt(name: string, imageDigest: string): Promise<BakedSource | null> {
    let adopted: BakedSource | null = null;
    await this.#turns.take('sources', async () => {
      const found = await this.#read(`${this.directory}/${imageDirectory(imageDigest)}/source.json`);
      if (
        found === null ||
        !(await this.#verify(found).then(
          () => true,
          () => false,
        ))
      )
        return;
      adopted = { ...found, name, bakedAt: new Date().toISOString() };
      const { layer: _layer, ...description } = adopted;
      await writeDurably(this.#pointer(name), JSON.stringify(description), 0o644);
    });
    return adopted;
  }

  /** Forgets a source; its layer goes with the next `collect` unless something else needs it. */
  async remove(name: string): Promise<void> {
    await this.#turns.take('sources', async () => {
      await removeTree(this.#pointer(canonicalSource(name)));
      await syncDirectory(this.directory);
    });
  }

  async unstage(id: string): Promise<void> {
    await removeTree(`${this.directory}/.${id}`);
  }

  /** Removes layers that no source names and no machine uses, and what interrupted bakes and pulls left. */
  async collect(layersInUse: ReadonlySet<string>, running: ReadonlySet<string>): Promise<readonly string[]> {
    const removed: string[] = [];
    await this.#turns.take('sources', async () => {
      const entries = await readdir(this.directory).catch(() => []);
      const baked = await Promise.all(this.#recipes.map(({ name }) => this.find(name)));
      const named = [...baked, ...(await this.#images())];
      const kept = new Set([...layersInUse, ...named.flatMap((source) => (source ? [source.layer] : []))]);
      const stale = entries.filter(
        (entry) =>
          !entry.startsWith('.') &&
          entry.includes('@') &&
          !kept.has(`${this.directory}/${entry}/layer.qcow2`),
      );
      for (const entry of stale) await removeTree(`${this.directory}/${entry}`);
      const left = entries.filter((entry) => entry.startsWith('.') && !running.has(entry.slice(1)));
      removed.push(...left, ...stale);
    });
    // Nobody works there any more: others need not wait for that.
    for (const entry of removed) await removeTree(`${this.directory}/${entry}`);
    return removed;
  }

  async #verify(source: BakedSource): Promise<void> {
    const { layer } = source;
    const check = this.#checks.get(layer) ?? this.#check(source).finally(() => this.#checks.delete(layer));
    this.#checks.set(layer, check);
    await check;
  }

  async #check(source: BakedSource): Promise<void> {
    const corrupt = (detail: string) => new PlayhouseError('source-corrupt', { source: source.name, detail });
    const identity = await fileIdentity(source.layer);
    if (identity === null) throw corrupt('the file is missing');
    const stamp = `${this.#layerDirectory(source)}/verified`;
    if ((await readTextIfPresent(stamp)) === identity) return;
    const { size } = await stat(source.layer);
    if (size !== source.sizeBytes) throw corrupt(`it has ${size} bytes instead of ${source.sizeBytes}`);
    if ((await digestFile(source.layer)) !== source.digest)
      throw corrupt(`it does not match ${source.digest}`);
    await writeDurably(stamp, identity, 0o644);
  }

  async #read(file: string): Promise<BakedSource | null> {
    const description = await readJson(file);
    if (description === null) return null;
    const source = bakedSourceSchema.parse(description);
    return { ...source, layer: `${this.#layerDirectory(source)}/layer.qcow2` };
  }

  /** All references that were pulled. */
  async #images(): Promise<readonly BakedSource[]> {
    const names = (await readdir(this.directory).catch(() => [])).filter(
      (name) => name.startsWith(imagePointer) && name.endsWith('.json'),
    );
    const images = await Promise.all(names.map((name) => this.#read(`${this.directory}/${name}`)));
    return images.flatMap((image) => image ?? []);
  }

  /** A reference has characters that no file name has; its digest stands for it. */
  #pointer(name: string): string {
    const file = isImageSource(name)
      ? `${imagePointer}${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
      : name;
    return `${this.directory}/${file}.json`;
  }

  #layerDirectory({ name, digest, image }: Pick<Description, 'name' | 'digest' | 'image'>): string {
    return image === null
      ? `${this.directory}/${name}@${digest.replace('sha256:', '').slice(0, 16)}`
      : `${this.directory}/${imageDirectory(image.digest)}`;
  }
}

function imageDirectory(imageDigest: string): string {
  return `image@${imageDigest.replace('sha256:', '')}`;
}

/** Changes whenever a file’s content was changed by anyone who did not mean to hide it. */
async function fileIdentity(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
