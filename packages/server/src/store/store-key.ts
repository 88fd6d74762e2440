import { chmodSync, readFileSync } from 'node:fs';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';
import { writePrivateFile } from '../write-private-file.ts';

/** Where the key lies that seals what is secret in the store. */
export interface StoreKey {
  /** Names the place in errors. */
  readonly file: string;
  /** The key; null when there is none. */
  readonly read: () => Uint8Array | null;
  /** Keeps a key; when this returns it survives a power cut. */
  readonly keep: (key: Uint8Array) => void;
}

/** A key in a file of its own, 0600. Reading it throws `file-unreadable` when the server’s user may not. */
export function storeKeyFile(file: string): StoreKey {
  return {
    file,
    read: () => {
      try {
        const key = readFileSync(file);
        chmodSync(file, 0o600);
        return key;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(cause) }, { cause });
      }
    },
    keep: (key) => writePrivateFile(file, key),
  };
}
