import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Turns } from './turns.ts';

/** Writers of one file share the name of its unfinished half, so they take turns. */
const turns = new Turns();

/**
 * Writes a file so that after a crash either the old or the new content is there, never a part: temp, fsync, rename. Several may
 * write the same file at once; it has in the end what the last that asked gave.
 */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await turns.take(path, async () => await write(path, content, mode));
}

async function write(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = unfinished(path);
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** What a crash in a write of `path` may leave; the next write gets over it. */
export function unfinished(path: string): string {
  return `${path}.new`;
}

/** Makes renames and removals in a folder survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The parsed JSON file, or null when there is none. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readTextIfPresent(path);
  return text === null ? null : JSON.parse(text);
}

/** The file’s text, or null when there is none. */
export async function readTextIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The names in a folder; none when there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Makes a folder, with its parents, that only its owner can enter. */
export async function makePrivateDirectory(path: string, mode = 0o700): Promise<void> {
  await mkdir(path, { recursive: true, mode });
}

/** Removes a file or a whole folder; silent when it is not there. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
