// The embedded vault: each object is a file below one folder, under its key. `ls` shows what is there.
import { randomBytes } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isDiskFull, isMissing, syncDirectory } from '../system/durable-file.ts';
import { checkObjectKey } from './object-keys.ts';
import type { VaultDriver, VaultObject } from './vault-driver.ts';

/** Files that are still written; no key begins with a dot. What a crash leaves here is removed after a day. */
const unfinished = '.unfinished';
const dayMs = 24 * 60 * 60 * 1000;

export class DirectoryDriver implements VaultDriver {
  readonly where: string;
  readonly #root: string;
  #made: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
    this.where = `in ${root}`;
  }

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const path = this.#path(key, signal);
    const temporary = `${this.#root}/${unfinished}/${randomBytes(12).toString('hex')}`;
    await this.#attempt(async () => {
      await this.#make();
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await this.#moveInto(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | null> {
    const path = this.#path(key, signal);
    return await this.#attempt(async () => await readFile(path).catch(nullIfMissing));
  }

  async has(key: string, signal?: AbortSignal): Promise<boolean> {
    const path = this.#path(key, signal);
    const found = await this.#attempt(async () => await stat(path).catch(nullIfMissing));
    return found?.isFile() ?? false;
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncIterable<VaultObject> {
    signal?.throwIfAborted();
    // Whole folders that cannot match are not entered: `chunks/ab` needs only `chunks`.
    const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '';
    if (folder !== '') checkObjectKey(folder);
    const pending = [folder];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const [name, isFolder] of await this.#attempt(
        async () => await entriesOf(`${this.#root}/${at}`),
      )) {
        const key = at === '' ? name : `${at}/${name}`;
        if (name.startsWith('.')) continue;
        if (isFolder) {
          if (prefix.startsWith(`${key}/`) || key.startsWith(prefix)) pending.push(key);
        } else if (key.startsWith(prefix)) {
          const path = `${this.#root}/${key}`;
          const found = await this.#attempt(async () => await stat(path).catch(nullIfMissing));
          if (found) yield { key, sizeBytes: found.size };
        }
        if (signal?.aborted) throw new PlayhouseError('cancelled');
      }
    }
  }

  async remove(key: string, signal?: AbortSignal): Promise<void> {
    const path = this.#path(key, signal);
    await this.#attempt(async () => {
      await rm(path, { force: true });
      // Without this a power cut could bring back what was removed.
      await syncDirectory(dirname(path)).catch(nullIfMissing);
    });
  }

  close(): void {
    // Nothing is held open.
  }

  /** Makes the folder at the first put: to open a vault touches nothing. */
  async #make(): Promise<void> {
    const make = async () => {
      await mkdir(`${this.#root}/${unfinished}`, { recursive: true, mode: 0o700 });
      await removeOldFiles(`${this.#root}/${unfinished}`);
    };
    this.#made ??= make();
    try {
      await this.#made;
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
  }

  #path(key: string, signal?: AbortSignal): string {
    if (signal?.aborted) throw new PlayhouseError('cancelled');
    return `${this.#root}/${checkObjectKey(key)}`;
  }

  async #moveInto(temporary: string, path: string): Promise<void> {
    const folder = dirname(path);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(temporary, path);
    await syncDirectory(folder);
    // A new folder is an entry of its own parent, up to the first that was there.
    const first = made?.length ?? Number.POSITIVE_INFINITY;
    for (let at = folder; at.length >= first; at = dirname(at)) await syncDirectory(dirname(at));
  }

  async #attempt<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (cause) {
      const { where } = this;
      if (isDiskFull(cause)) throw new PlayhouseError('vault-full', { where }, { cause });
      const { code = '', message } = cause as NodeJS.ErrnoException;
      const refused = ['EACCES', 'EPERM', 'EROFS'].includes(code);
      throw new PlayhouseError(
        refused ? 'vault-refused' : 'vault-unreachable',
        { where, detail: message },
        { cause },
      );
    }
  }
}

/** Names in a folder and whether each is a folder; none when the folder is missing. */
async function entriesOf(path: string): Promise<readonly (readonly [string, boolean])[]> {
  const directory = await opendir(path, { bufferSize: 1024 }).catch(nullIfMissing);
  const found: [string, boolean][] = [];
  if (directory === null) return found;
  for await (const entry of directory) found.push([entry.name, entry.isDirectory()]);
  return found;
}

async function removeOldFiles(folder: string): Promise<void> {
  for (const [name] of await entriesOf(folder)) {
    const path = `${folder}/${name}`;
    const found = await stat(path).catch(nullIfMissing);
    if (found && Date.now() - found.mtimeMs > dayMs) await rm(path, { force: true });
  }
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
  throw error;
}
