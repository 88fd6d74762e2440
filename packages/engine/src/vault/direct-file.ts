// Writes past the page cache. What is restored is large and read later, by QEMU: pages for it would take memory from running
// machines, and under a hypervisor that lends memory page by page each new one costs more than the proof of its bytes.
import { constants, type FileHandle, open } from 'node:fs/promises';

/** Position, length and memory of a direct write must be multiples of the disk’s block; no disk has larger ones. */
const blockBytes = 4096;

export class DirectFile {
  readonly #file: FileHandle;
  /** Null where the file system has no direct writes. */
  #direct: FileHandle | null;

  private constructor(file: FileHandle, direct: FileHandle | null) {
    this.#file = file;
    this.#direct = direct;
  }

  /** Makes a file that must not be there, of so many zeros. */
  static async create(path: string, sizeBytes: number): Promise<DirectFile> {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.truncate(sizeBytes);
      return new DirectFile(
        file,
        await open(path, constants.O_WRONLY | constants.O_DIRECT).catch(() => null),
      );
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Writes all of `bytes`; past the page cache as far as they and `position` are on the disk’s blocks. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    const aligned = bytes.byteLength - (bytes.byteLength % blockBytes);
    let at = 0;
    if (this.#direct && position % blockBytes === 0 && aligned > 0) {
      try {
        at = (await this.#direct.write(bytes, 0, aligned, position)).bytesWritten;
      } catch (error) {
        // The memory is not on a block, or the file system only seemed to know direct writes.
        if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
      }
    }
    while (at < bytes.byteLength) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.byteLength - at, position + at);
      at += bytesWritten;
    }
  }

  /** Makes it read-only, and durable. */
  async finish(): Promise<void> {
    await this.#file.chmod(0o444);
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#direct?.close();
    this.#direct = null;
    await this.#file.close();
  }
}
