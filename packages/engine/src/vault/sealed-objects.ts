// The vault’s small objects, sealed: lists of chunks and records. Opens the vault first, at the first use and not before: an
// engine starts also while its vault is away.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { SealBroken, seal, unseal } from './sealed.ts';
import { type VaultDriver, largestObjectBytes } from './vault-driver.ts';
import type { VaultKeys } from './vault-key.ts';
import { openVaultMarker } from './vault-marker.ts';

/** What these objects may hold once they are opened. */
const largestContentBytes = 64 * 1024 ** 2;

export class SealedObjects {
  readonly driver: VaultDriver;
  readonly #keyFile: string;
  #keys: Promise<VaultKeys> | undefined;

  constructor(driver: VaultDriver, keyFile: string) {
    this.driver = driver;
    this.#keyFile = keyFile;
  }

  /**
   * The keys, once the vault has shown that it was made with them; a vault that is empty is made.
   * @throws PlayhouseError vault-key-wrong, vault-corrupt, vault-unreachable, vault-refused, vault-full
   */
  async keys(): Promise<VaultKeys> {
    const opening = (this.#keys ??= openVaultMarker(this.driver, this.#keyFile));
    try {
      return await opening;
    } catch (error) {
      // A vault that is back is opened by the next who asks.
      if (this.#keys === opening) this.#keys = undefined;
      throw error;
    }
  }

  /** What an object holds, or null when there is none. @throws PlayhouseError vault-corrupt … */
  async read(objectKey: string, signal?: AbortSignal): Promise<Uint8Array | null> {
    const { sealing } = await this.keys();
    const open = async () => {
      const sealed = await this.driver.get(objectKey, signal);
      return sealed && unseal(sealed, sealing, objectKey, largestContentBytes);
    };
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
    }
    // It may only have been hurt on its way here.
    try {
      return await open();
    } catch (error) {
      throw error instanceof SealBroken ? this.corrupt(objectKey, error.message) : error;
    }
  }

  /** @throws RangeError when it is larger than an object may be. */
  async write(objectKey: string, content: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { sealing } = await this.keys();
    const sealed = seal(content, sealing, objectKey);
    if (sealed.byteLength > largestObjectBytes || content.byteLength > largestContentBytes) {
      throw new RangeError(
        `${objectKey} would have ${sealed.byteLength} bytes, more than an object may have`,
      );
    }
    await this.driver.put(objectKey, sealed, signal);
  }

  corrupt(objectKey: string, detail: string): PlayhouseError {
    return new PlayhouseError('vault-corrupt', { object: objectKey, where: this.driver.where, detail });
  }

  missing(what: string): PlayhouseError {
    return new PlayhouseError('vault-object-missing', { what, where: this.driver.where });
  }
}
