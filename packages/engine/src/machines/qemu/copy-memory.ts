// Copies the changed pages of a machine that stands still into a memory image. A thread of its own does it: the machine waits
// for every millisecond, and machines of one playground are copied at the same time.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { changedRuns, entryBytes, pageBytes } from './changed-pages.ts';

export interface MemoryPlace {
  /** The machine’s process. */
  readonly pid: number;
  /** Where the guest’s memory begins in it. */
  readonly address: number;
  /** Multiple of the page size. */
  readonly bytes: number;
  /** False when the image is empty: zeros need not be written then. */
  readonly writeZeros: boolean;
  readonly image: string;
}

const pieceBytes = 1024 * 1024;
const zeros = Buffer.alloc(pageBytes);

/** Gives the number of bytes that were changed. */
export function copyMemory({ pid, address, bytes, writeZeros, image }: MemoryPlace): number {
  const [map, memory, target] = [
    openSync(`/proc/${pid}/pagemap`, 'r'),
    openSync(`/proc/${pid}/mem`, 'r'),
    openSync(image, 'r+'),
  ];
  try {
    const pagemap = Buffer.alloc((bytes / pageBytes) * entryBytes);
    readFully(map, pagemap, (address / pageBytes) * entryBytes);
    const piece = Buffer.alloc(pieceBytes);
    let copied = 0;
    for (const { first, count } of changedRuns(pagemap)) {
      const end = (first + count) * pageBytes;
      for (let at = first * pageBytes; at < end; at += pieceBytes) {
        const part = piece.subarray(0, Math.min(pieceBytes, end - at));
        readFully(memory, part, address + at);
        if (writeZeros) writeFully(target, part, at);
        else writeFilled(target, part, at);
        copied += part.length;
      }
    }
    return copied;
  } finally {
    for (const file of [map, memory, target]) closeSync(file);
  }
}

function readFully(file: number, buffer: Buffer, position: number): void {
  for (let at = 0; at < buffer.length;) {
    const count = readSync(file, buffer, at, buffer.length - at, position + at);
    if (count === 0) throw new Error('the machine’s memory ends early');
    at += count;
  }
}

function writeFully(file: number, buffer: Buffer, position: number): void {
  for (let at = 0; at < buffer.length;) at += writeSync(file, buffer, at, buffer.length - at, position + at);
}

/** Leaves out pages of zeros, in as few writes as that takes. */
function writeFilled(file: number, buffer: Buffer, position: number): void {
  let from = -1;
  for (let at = 0; at <= buffer.length; at += pageBytes) {
    const filled = at < buffer.length && buffer.compare(zeros, 0, pageBytes, at, at + pageBytes) !== 0;
    if (filled && from < 0) from = at;
    if (filled || from < 0) continue;
    writeFully(file, buffer.subarray(from, at), position + from);
    from = -1;
  }
}
