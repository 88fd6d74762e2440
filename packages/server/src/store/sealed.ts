// What is nobody's to read in a file of the database, nor in a copy of it: values of variables, build arguments, files of
// Compose playgrounds. It is sealed here, above the SQL, so that every dialect stores the same text.
import type { Database } from './schema.ts';

/** Says of which row something is sealed: moved to another row it does not open. */
export const labels = {
  command: (sequence: number) => `command ${sequence}`,
  stack: (playgroundId: string) => `playground ${playgroundId}`,
  savedServices: (playspec: string, version: number) => `playspec ${playspec}@${version}`,
} as const;

export function sealJson({ box }: Pick<Database, 'box'>, value: unknown, label: string): string {
  return box.seal(JSON.stringify(value), label);
}

/** What was sealed. Throws when it is of another row, or was changed. */
export function unsealJson({ box }: Pick<Database, 'box'>, text: string, label: string): unknown {
  return JSON.parse(box.unseal(text, label));
}
