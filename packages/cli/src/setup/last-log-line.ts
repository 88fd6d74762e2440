import { open } from 'node:fs/promises';

const tailBytes = 16_384;

/** The last thing a service said, in words: of a JSON line its message and error. */
export function lastLogLine(text: string): string {
  const line = text.split('\n').findLast((line) => line.trim() !== '');
  if (line === undefined) return 'it said nothing';
  try {
    const { msg, err } = JSON.parse(line) as { msg?: unknown; err?: { message?: unknown } };
    return (
      [msg, err?.message]
        .filter((part, index, all) => typeof part === 'string' && all.indexOf(part) === index)
        .join(': ') || line
    );
  } catch {
    return line.trim();
  }
}

/** The last thing in a log file. */
export async function readLastLogLine(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, tailBytes);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return lastLogLine(buffer.toString());
    } finally {
      await handle.close();
    }
  } catch {
    return 'it left no log';
  }
}
