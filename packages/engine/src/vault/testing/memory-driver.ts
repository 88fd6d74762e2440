// A vault in memory, for tests that are not about disks; it passes the drivers’ suite.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { checkObjectKey } from '../object-keys.ts';
import type { VaultDriver, VaultObject } from '../vault-driver.ts';

export class MemoryDriver implements VaultDriver {
  readonly where = 'in memory';
  readonly #objects = new Map<string, Buffer>();

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await pass(signal);
    this.#objects.set(checkObjectKey(key), Buffer.from(bytes));
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | null> {
    await pass(signal);
    const bytes = this.#objects.get(checkObjectKey(key));
    return bytes ? Buffer.from(bytes) : null;
  }

  async has(key: string, signal?: AbortSignal): Promise<boolean> {
    await pass(signal);
    return this.#objects.has(checkObjectKey(key));
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncIterable<VaultObject> {
    for (const [key, bytes] of [...this.#objects]) {
      await pass(signal);
      if (key.startsWith(prefix)) yield { key, sizeBytes: bytes.byteLength };
    }
  }

  async remove(key: string, signal?: AbortSignal): Promise<void> {
    await pass(signal);
    this.#objects.delete(checkObjectKey(key));
  }

  close(): void {
    // Nothing is held open.
  }
}

/** As with real storage, others get their turn in between. */
async function pass(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new PlayhouseError('cancelled');
}
