// Serial consoles as files, one per boot of a machine. Their content comes from the guest: hostile bytes.
import { open, readdir } from 'node:fs/promises';
import type { ConsoleChunk } from '@playhouse/contract/link/question';
import { printable } from '../guest/printable.ts';
import { isMissing } from '../system/durable-file.ts';

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

async function readSlice(path: string, offset: number | null, limit: number) {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = offset ?? Math.max(0, size - limit);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(limit), 0, limit, start);
      return { offset: start, nextOffset: start + bytesRead, content: buffer.toString('utf8', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return { offset: 0, nextOffset: 0, content: '' };
    throw error;
  }
}
