// Keeps secrets on disk so that a copy of the file is worth nothing without the key: AES-256-GCM, a fresh nonce each time.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/** Where the key lies is the business of who opens it: the engine and the server have one each. */
export class SecretBox {
  static readonly keyBytes = 32;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    const { keyBytes } = SecretBox;
    if (key.byteLength !== keyBytes) throw new Error(`the key has ${key.byteLength} bytes, not ${keyBytes}`);
    this.#key = key;
  }

  static newKey(): Uint8Array {
    return randomBytes(SecretBox.keyBytes);
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
