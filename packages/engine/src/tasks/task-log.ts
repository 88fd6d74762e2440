import { appendFile, rename, stat, writeFile } from 'node:fs/promises';
import { printable } from '../guest/printable.ts';
import { readSlice } from '../system/file-slice.ts';

/** A log that grows beyond this loses its beginning. */
const largestBytes = 256 * 1024;
const keptBytes = largestBytes / 2;

const note = '== what stood here before is gone, the log had grown too long\n';

/**
 * The log of one task. What guests say is made printable. It is worth having, not worth failing for: what cannot be written
 * is dropped, and so is the middle of what comes faster than the disk takes it.
 */
export class TaskLog {
  readonly #path: string;
  #pending = '';
  #writing: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(path: string) {
    this.#path = path;
  }

  write(text: string): void {
    this.#pending = (this.#pending + printable(text)).slice(-keptBytes);
    if (this.#busy) return;
    this.#busy = true;
    this.#writing = this.#flush();
  }

  /** Settles when all that was written so far is in the file. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #flush(): Promise<void> {
    while (this.#pending !== '') {
      const text = this.#pending;
      this.#pending = '';
      await this.#append(text).catch(() => undefined);
    }
    this.#busy = false;
  }

  async #append(text: string): Promise<void> {
    await appendFile(this.#path, text, { mode: 0o600 });
    if ((await stat(this.#path)).size <= largestBytes) return;
    const { content } = await readSlice(this.#path, null, keptBytes);
    await writeFile(`${this.#path}.new`, note + content.slice(content.indexOf('\n') + 1), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }
}
