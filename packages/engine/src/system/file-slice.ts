import { open } from 'node:fs/promises';
import { isMissing } from './durable-file.ts';

/** Part of a file, in bytes. */
export interface FileSlice {
  readonly offset: number;
  readonly nextOffset: number;
  readonly content: string;
}

/** Reads part of a file; without an offset its end. A file that is not there is empty. */
export async function readSlice(path: string, offset: number | null, limit: number): Promise<FileSlice> {
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
