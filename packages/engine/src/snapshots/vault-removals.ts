// What is to be taken out of the vault, remembered on disk until that is done: the vault may be away when something is deleted.
import { z } from 'zod';
import { readJson, writeDurably } from '../system/durable-file.ts';
import { Turns } from '../system/turns.ts';
import type { Vault } from '../vault/vault.ts';

const removalsSchema = z.object({ records: z.array(z.string()), files: z.array(z.string()) });
type Removals = z.infer<typeof removalsSchema>;

export class VaultRemovals {
  readonly #file: string;
  readonly #turns = new Turns();

  constructor(file: string) {
    this.#file = file;
  }

  async add(records: readonly string[], files: readonly string[]): Promise<void> {
    if (records.length === 0 && files.length === 0) return;
    await this.#change((known) => ({
      records: [...known.records, ...records],
      files: [...known.files, ...files],
    }));
  }

  /** Takes it all away. What was added meanwhile stays for the next time. */
  async carryOut(
    vault: Pick<Vault, 'removeRecord' | 'remove' | 'collect'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { records, files } = await this.#read();
    if (records.length === 0 && files.length === 0) return;
    // Records first: none may name files that are gone.
    for (const name of records) await vault.removeRecord(name);
    for (const name of files) await vault.remove(name);
    await vault.collect(signal);
    await this.#change((now) => ({
      records: now.records.slice(records.length),
      files: now.files.slice(files.length),
    }));
  }

  async #read(): Promise<Removals> {
    const known = await readJson(this.#file);
    return known === null ? { records: [], files: [] } : removalsSchema.parse(known);
  }

  /** Several playgrounds may be destroyed at once. */
  async #change(change: (known: Removals) => Removals): Promise<void> {
    await this.#turns.take('file', async () => {
      await writeDurably(this.#file, JSON.stringify(change(await this.#read())));
    });
  }
}
