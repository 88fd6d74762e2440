// What `qemu-img` is asked to do. The only file that knows its grammar.
import { readFile, writeFile } from 'node:fs/promises';
import { type Run, runOrFail } from '../system/run.ts';

/** Makes an empty overlay of `sizeBytes` on a base. The backing format is explicit, never probed. */
export async function createOverlay(
  base: string,
  path: string,
  sizeBytes: number,
  run: Run = runOrFail,
): Promise<void> {
  const backing = ['-F', 'qcow2', '-b', base];
  // Made by us first: qemu-img would make it readable by everyone.
  await writeFile(path, '', { mode: 0o600 });
  await run(['qemu-img', 'create', '-q', '-f', 'qcow2', ...backing, path, String(sizeBytes)]);
}

/** What an empty qcow2 file consists of, by its size: a copy is made in a fraction of the time that a process takes. */
const blanks = new Map<number, Buffer>();
const blanksKept = 8;

/** Makes an empty qcow2 file of `sizeBytes` that lies on nothing: all of it reads as zeros. */
export async function createBlank(path: string, sizeBytes: number, run: Run = runOrFail): Promise<void> {
  const blank = blanks.get(sizeBytes);
  await writeFile(path, blank ?? '', { mode: 0o600 });
  if (blank) return;
  await run(['qemu-img', 'create', '-q', '-f', 'qcow2', path, String(sizeBytes)]);
  const made = await readFile(path);
  if (made.length > 0 && blanks.size < blanksKept) blanks.set(sizeBytes, made);
}

/** Turns a raw image into a qcow2 file, leaving out zeros. */
export async function convertToQcow2(raw: string, path: string, run: Run = runOrFail): Promise<void> {
  await writeFile(path, '', { mode: 0o600 });
  await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, path], { timeoutMs: 600_000 });
}

/** The size the guest sees of a qcow2 file, in bytes. */
export async function virtualSize(path: string, run: Run = runOrFail): Promise<number> {
  const { stdout } = await run(['qemu-img', 'info', '--output=json', '-f', 'qcow2', path]);
  return (JSON.parse(stdout) as { 'virtual-size': number })['virtual-size'];
}

/** A chain of qcow2 files, lowest first, as one name. What their headers say of what they lie on is not believed. */
export function spellOut(files: readonly string[]): string {
  const node = files.reduce<unknown>((backing, filename) => {
    // Layers never change, and the machine that wrote one keeps its lock.
    return { driver: 'qcow2', file: { driver: 'file', filename, locking: 'off' }, backing };
  }, null);
  return `json:${JSON.stringify(node)}`;
}

/**
 * Makes `file`, which lies on the files `below`, lowest first, read the same on `base` alone, the lowest of them (null: on
 * nothing). Only `file` is written to; its header names no base then.
 */
export async function rebaseOnto(
  base: string | null,
  file: string,
  below: readonly string[],
  run: Run,
): Promise<void> {
  const onto = base === null ? ['-b', ''] : ['-F', 'qcow2', '-b', base];
  await run(['qemu-img', 'rebase', '-q', ...onto, spellOut([...below, file])]);
  await run(['qemu-img', 'rebase', '-q', '-u', '-f', 'qcow2', '-b', '', file]);
}

/** @throws PlayhouseError command-failed, with the first place where they differ */
export async function compareContent(one: string, other: string, run: Run): Promise<void> {
  await run(['qemu-img', 'compare', '-q', one, other]);
}
