// Values that were generated for a playground whose volumes outlive it: what is in the volumes was made with them, as a database with
// its password, so the next playground has the same. Sealed, one file per playspec; removed with the volumes.
import type { SecretBox } from '@playhouse/contract/secret-box';
import { z } from 'zod';
import { makePrivateDirectory, readJson, removeTree, writeDurably } from '../../system/durable-file.ts';
import type { Secrets } from '../services-secrets.ts';

const valuesSchema = z.record(z.string(), z.string());
const lastingSchema = z.object({ templates: valuesSchema, variables: valuesSchema });

export class LastingValues {
  readonly #folder: string;
  readonly #box: SecretBox;

  constructor(folder: string, box: SecretBox) {
    this.#folder = folder;
    this.#box = box;
  }

  /** Those of a playspec; none when it never had any. */
  async find(persistentId: string): Promise<Pick<Secrets, 'templates' | 'variables'>> {
    const sealed = z
      .string()
      .nullable()
      .parse(await readJson(this.#path(persistentId)));
    if (sealed === null) return { templates: {}, variables: {} };
    return lastingSchema.parse(JSON.parse(this.#box.unseal(sealed, contextOf(persistentId))));
  }

  /** Keeps what a playground leaves that is being destroyed. */
  async keep(persistentId: string, { templates, variables }: Secrets): Promise<void> {
    await makePrivateDirectory(this.#folder);
    const sealed = this.#box.seal(JSON.stringify({ templates, variables }), contextOf(persistentId));
    await writeDurably(this.#path(persistentId), JSON.stringify(sealed));
  }

  async remove(persistentId: string): Promise<void> {
    await removeTree(this.#path(persistentId));
  }

  #path(persistentId: string): string {
    return `${this.#folder}/${persistentId}.json`;
  }
}

function contextOf(persistentId: string): string {
  return `volumes ${persistentId}`;
}
