// Keeps secrets on disk so that a copy of the file is worth nothing without the key: AES-256-GCM, a fresh nonce each time.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { isMissing, writeDurably } from './durable-file.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

export class SecretBox {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.byteLength !== keyBytes) throw new Error(`the key has ${key.byteLength} bytes, not ${keyBytes}`);
    this.#key = key;
  }

  /** Opens the box whose key is in a file (0600); makes a key when there is none. */
  static async open(keyFile: string): Promise<SecretBox> {
    try {
      const key = await readFile(keyFile);
      await chmod(keyFile, 0o600);
      return new SecretBox(key);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const key = randomBytes(keyBytes);
    await writeDurably(keyFile, key, 0o600);
    return new SecretBox(key);
  }

  /** Base64 that only this box opens, and only under the same `label`: what it is a secret of. */
  seal(secret: string, label: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(label));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** What was sealed. Throws when it was changed, sealed by another key, or sealed under another label. */
  unseal(text: string, label: string): string {
    const bytes = Buffer.from(text, 'base64');
    const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
    const nonce = bytes.subarray(0, nonceBytes);
    const options = { authTagLength: tagBytes };
    const decipher = createDecipheriv(algorithm, this.#key, nonce, options).setAAD(Buffer.from(label));
    decipher.setAuthTag(tag);
    const sealed = bytes.subarray(nonceBytes + tagBytes);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  }
}
