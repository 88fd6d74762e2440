// Serial consoles as files, one per boot of a machine. Their content comes from the guest: hostile bytes.
import { readdir } from 'node:fs/promises';
import type { ConsoleChunk } from '@playhouse/contract/link/question';
import { printable } from '../guest/printable.ts';
import { readSlice } from '../system/file-slice.ts';

const tailBytes = 600;

/** The end of a console log in a form that fits into one line of an error. */
export async function consoleTail(path: string): Promise<string> {
  const { content } = await readSlice(path, null, tailBytes);
  const lines = printable(content)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.slice(-4).join(' | ') || '(nothing)';
}

/** The numbers of the boots whose log is kept, oldest first. */
export async function keptBoots(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const boots = names.flatMap((name) => /^console-(\d+)\.log$/.exec(name)?.[1] ?? []);
  return boots.map(Number).toSorted((a, b) => a - b);
}

/** Part of one boot’s log. Without a boot the latest, without an offset the end. */
export async function readConsole(
  folder: string,
  request: { readonly boot: number | null; readonly offset: number | null; readonly limit: number },
): Promise<ConsoleChunk> {
  const boots = await keptBoots(folder);
  const boot = request.boot ?? boots.at(-1) ?? 1;
  const slice = await readSlice(`${folder}/console-${boot}.log`, request.offset, request.limit);
  return { boots, boot, ...slice, content: printable(slice.content) };
}
