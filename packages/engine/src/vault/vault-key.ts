// The key of an installation's vault: 32 random bytes in a file, as hexadecimal digits so that they can be printed and typed.
// Whoever has it reads the vault, and without it the vault is worth nothing; docs/vault.md says how to keep a copy.
import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { readTextIfPresent, writeDurably } from '../system/durable-file.ts';

const keyBytes = 32;

/** Keys made of the one in the file, one for each purpose, so that no use of one says anything about another. */
export interface VaultKeys {
  /** Tells keys apart without giving any of them away: 16 hexadecimal digits. */
  readonly id: string;
  /** Seals objects. */
  readonly sealing: Uint8Array;
  /** Turns content into names of chunks. */
  readonly naming: Uint8Array;
}

/**
 * The vault's key; made, 0600, when there is no file yet.
 * @throws PlayhouseError vault-key-wrong when the file holds something else: it is never overwritten.
 */
export async function openVaultKey(file: string, where: string): Promise<VaultKeys> {
  const text = await readTextIfPresent(file);
  if (text === null) {
    const key = randomBytes(keyBytes);
    await writeDurably(file, `${key.toString('hex')}\n`, 0o600);
    return deriveKeys(key);
  }
  await chmod(file, 0o600);
  const digits = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw new PlayhouseError('vault-key-wrong', { file, where });
  return deriveKeys(Buffer.from(digits, 'hex'));
}

export function deriveKeys(key: Uint8Array): VaultKeys {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `playhouse vault 1: ${purpose}`, keyBytes));
  const id = Buffer.from(derive('identity')).toString('hex', 0, 8);
  return { id, sealing: derive('sealing'), naming: derive('naming') };
}
