import { readdir, stat } from 'node:fs/promises';
import { type Comparison, comparisonSchema } from '@playhouse/contract/comparison';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { makePrivateDirectory, readJson, removeTree, writeDurably } from '../../system/durable-file.ts';

/** Comparisons that are kept: whoever asked for one fetches it at once. */
const kept = 20;

/** What comparisons found, one file for each, by the id of its operation. */
export class ComparisonStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async save(operationId: string, comparison: Comparison): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await writeDurably(this.#path(operationId), JSON.stringify(comparison));
    const files = (await readdir(this.#directory)).map((name) => `${this.#directory}/${name}`);
    const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
    for (const { file } of dated.toSorted((a, b) => b.at - a.at).slice(kept)) await removeTree(file);
  }

  /** @throws PlayhouseError comparison-unknown */
  async get(operationId: string): Promise<Comparison> {
    const found = comparisonSchema.safeParse(await readJson(this.#path(operationId)).catch(() => null));
    if (found.success) return found.data;
    throw new PlayhouseError('comparison-unknown', { operation: operationId });
  }

  #path(operationId: string): string {
    return `${this.#directory}/${operationId}.json`;
  }
}
