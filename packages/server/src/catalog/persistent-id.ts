import { createHash } from 'node:crypto';
import type { StoredPlayspec } from '../store/playspecs.ts';

const digits = 12;

/**
 * The id of a playspec in the names of volumes that belong to it. A name may be given again once its playspec is removed; the id is
 * another one then, for whoever has it has the data.
 */
export function persistentIdOf({ name, createdAt }: Pick<StoredPlayspec, 'name' | 'createdAt'>): string {
  return createHash('sha256').update(`${name}\n${createdAt}`).digest('hex').slice(0, digits);
}
