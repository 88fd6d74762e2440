import { readdir, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { readJson, unfinished } from './durable-file.ts';

/** What was found in a folder of records. */
export interface FoundRecords<T> {
  readonly records: ReadonlyMap<string, T>;
  /** Ids of those that cannot be read, with the reason. */
  readonly sick: ReadonlyMap<string, string>;
}

/**
 * Reads all `<id>.json` of a folder. One that cannot be read hinders no other: whoever asked leaves it alone, so that an operator
 * can mend it. Nobody may write there meanwhile: what an interrupted write has left is removed.
 */
export async function readRecords<T extends { readonly id: string }>(
  directory: string,
  schema: z.ZodType<T>,
): Promise<FoundRecords<T>> {
  const records = new Map<string, T>();
  const sick = new Map<string, string>();
  for (const name of await readdir(directory)) {
    // Half a write, of a record that may be gone by now.
    if (name.endsWith(unfinished('.json'))) await rm(`${directory}/${name}`, { force: true });
    const [, id] = /^(.+)\.json$/.exec(name) ?? [];
    if (id === undefined) continue;
    try {
      const record = schema.parse(await readJson(`${directory}/${name}`));
      if (record.id !== id) throw new Error(`it is that of ${record.id}`);
      records.set(id, record);
    } catch (error) {
      sick.set(id, error instanceof Error ? error.message : String(error));
    }
  }
  return { records, sick };
}
