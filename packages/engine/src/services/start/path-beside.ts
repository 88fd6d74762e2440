import { normalize } from '@playhouse/contract/compose/policy/paths';

/** A path in the folder of the Compose file, in its plain form; null for others, and those that are yet to be filled in. */
export function pathBeside(path: string): string | null {
  if (path.startsWith('/') || path.startsWith('~') || /[$\\\0\n]/.test(path)) return null;
  const plain = normalize(path);
  return plain === '.' || plain.startsWith('..') ? null : plain;
}
