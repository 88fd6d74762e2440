import { readdir } from 'node:fs/promises';
import { isMissing, namesIn, removeTree } from '../../system/durable-file.ts';

/** No branch can be called so. */
const ending = '.lock';

/**
 * Removes the locks that a Git left in a history that was killed with its engine: while one is there, Git refuses all that it would
 * change, for ever. MUST be called only while none works there. Silent when there is no history.
 */
export async function removeLocks(history: string): Promise<void> {
  const references = await readdir(`${history}/refs`, { recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of [...(await namesIn(history)), ...references.map((each) => `refs/${each}`)])
    if (name.endsWith(ending)) await removeTree(`${history}/${name}`);
}
