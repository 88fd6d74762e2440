// The baked sources of a playroom: sources/<name>@<digest>/layer.qcow2, and sources/<name>.json which names the one that new
// machines start from. Layers are immutable; a machine that runs keeps the one it began with.
import { chmod, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Source } from '@playhouse/contract/source';
import { z } from 'zod';
import {
  isMissing,
  readJson,
  readTextIfPresent,
  removeTree,
  syncDirectory,
  writeDurably,
} from '../system/durable-file.ts';
import { digestFile } from './image-file.ts';
import type { SourceRecipe } from './recipe.ts';

const bakedSourceSchema = z.object({
  name: z.string(),
  digest: z.string(),
  sizeBytes: z.int(),
  virtualBytes: z.int(),
  users: z.array(z.string()),
  bakedAt: z.iso.datetime(),
});

export type BakedSource = z.infer<typeof bakedSourceSchema> & { readonly layer: string };

export class SourceStore {
  readonly directory: string;
  readonly #recipes: readonly SourceRecipe[];
  /** Checks that are going on: machines that start at the same time share one. */
  readonly #checks = new Map<string, Promise<void>>();

  constructor(directory: string, recipes: readonly SourceRecipe[]) {
    this.directory = directory;
    this.#recipes = recipes;
  }

  /** @throws PlayhouseError source-unknown */
  recipe(name: string): SourceRecipe {
    const recipe = this.#recipes.find((candidate) => candidate.name === name);
    if (recipe) return recipe;
    const known = this.#recipes.map((candidate) => candidate.name).join(', ');
    throw new PlayhouseError('source-unknown', { source: name, known });
  }

  /** The baked source of this name, or null. @throws PlayhouseError source-unknown */
  async find(name: string): Promise<BakedSource | null> {
    this.recipe(name);
    const description = await readJson(`${this.directory}/${name}.json`);
    if (description === null) return null;
    const baked = bakedSourceSchema.parse(description);
    return { ...baked, layer: `${this.#layerDirectory(baked)}/layer.qcow2` };
  }

  /**
   * The baked source with its layer checked: present, of the right size, and of the right digest. The digest is computed
   * anew only when the file changed since it was last found good.
   * @throws PlayhouseError source-unknown, source-not-baked, source-corrupt
   */
  async verified(name: string): Promise<BakedSource> {
    const source = await this.find(name);
    if (source === null) throw new PlayhouseError('source-not-baked', { source: name });
    const { layer } = source;
    const check = this.#checks.get(layer) ?? this.#check(source).finally(() => this.#checks.delete(layer));
    this.#checks.set(layer, check);
    await check;
    return source;
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

  async list(): Promise<readonly Source[]> {
    return await Promise.all(
      this.#recipes.map(async ({ name, description, users }) => {
        const baked = await this.find(name);
        const { digest = null, sizeBytes = null, bakedAt = null } = baked ?? {};
        return { name, description, users: [...users], baked: baked !== null, digest, sizeBytes, bakedAt };
      }),
    );
  }

  /** A folder to bake in, empty. */
  async stage(operationId: string): Promise<string> {
    const staging = `${this.directory}/.${operationId}`;
    await removeTree(staging);
    await mkdir(staging, { recursive: true, mode: 0o755 });
    return staging;
  }

  /** Makes the staged file the layer that new machines of this source start from. */
  async publish(stagedLayer: string, source: z.infer<typeof bakedSourceSchema>): Promise<void> {
    const directory = this.#layerDirectory(source);
    await removeTree(directory);
    await mkdir(directory, { mode: 0o755 });
    await chmod(stagedLayer, 0o444);
    await rename(stagedLayer, `${directory}/layer.qcow2`);
    await writeDurably(
      `${directory}/verified`,
      (await fileIdentity(`${directory}/layer.qcow2`)) ?? '',
      0o644,
    );
    await syncDirectory(directory);
    await writeDurably(`${this.directory}/${source.name}.json`, JSON.stringify(source), 0o644);
  }

  async unstage(operationId: string): Promise<void> {
    await removeTree(`${this.directory}/.${operationId}`);
  }

  /** Removes layers that no source names and no machine uses, and what interrupted bakes left. */
  async collect(layersInUse: ReadonlySet<string>, running: ReadonlySet<string>): Promise<readonly string[]> {
    const entries = await readdir(this.directory).catch(() => []);
    const baked = await Promise.all(this.#recipes.map(({ name }) => this.find(name)));
    const kept = new Set([...layersInUse, ...baked.flatMap((source) => (source ? [source.layer] : []))]);
    const stale = entries.filter((entry) =>
      entry.startsWith('.')
        ? !running.has(entry.slice(1))
        : entry.includes('@') && !kept.has(`${this.directory}/${entry}/layer.qcow2`),
    );
    for (const entry of stale) await removeTree(`${this.directory}/${entry}`);
    return stale;
  }

  #layerDirectory({ name, digest }: { readonly name: string; readonly digest: string }): string {
    return `${this.directory}/${name}@${digest.replace('sha256:', '').slice(0, 16)}`;
  }
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
