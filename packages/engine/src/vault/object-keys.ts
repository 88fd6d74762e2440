// Names of the vault’s objects, which docs/vault.md shows, and what can be one. They become paths and URLs, so nothing that
// either would read in another way is let through.
export const objectKeys = {
  /** Says that there is a vault, and which key it was made with. */
  marker: 'playhouse-vault',
  /** A chunk, by its name; two digits in front, because folders with a million files are slow. */
  chunk: (name: string) => `chunks/${name.slice(0, 2)}/${name}`,
  chunks: 'chunks/',
  /** The list of a file’s chunks. */
  file: (name: string) => `files/${name}`,
  files: 'files/',
  record: (name: string) => `records/${name}`,
  records: 'records/',
  /** Who stores or collects just now. */
  lease: (name: string) => `leases/${name}`,
  leases: 'leases/',
} as const;
const word = /^[A-Za-z0-9_][A-Za-z0-9._:@-]*$/;

/** Tells whether a name can be (the end of) a key: words of letters, digits and `. _ : @ -`, separated by slashes. */
export function isObjectKey(key: string): boolean {
  return key.length <= 512 && key.split('/').every((part) => part.length <= 128 && word.test(part));
}

/** @throws TypeError for what is no key: a caller’s bug, never a user’s mistake. */
export function checkObjectKey(key: string): string {
  if (!isObjectKey(key)) throw new TypeError(`${JSON.stringify(key)} is no name of an object in a vault`);
  return key;
}
