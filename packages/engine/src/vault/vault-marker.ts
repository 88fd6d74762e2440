// The one object that tells an empty place from a vault, and a wrong key from a damaged object: without it every chunk would
// merely look broken to who has lost the key.
import { existsSync } from 'node:fs';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { objectKeys } from './object-keys.ts';
import { seal, unseal } from './sealed.ts';
import type { VaultDriver } from './vault-driver.ts';
import { openVaultKey, type VaultKeys } from './vault-key.ts';

const key = objectKeys.marker;
const heading = /^playhouse vault, made with the key ([0-9a-f]{16})\n/;

/** The vault’s keys, proven against its marker; an empty place gets a marker, and a missing key file a key, together. */
export async function openVaultMarker(driver: VaultDriver, keyFile: string): Promise<VaultKeys> {
  const { where } = driver;
  const marker = await driver.get(key);
  if (marker === null) return await makeVault(driver, keyFile);
  // A key made now could not be the one.
  if (!existsSync(keyFile)) throw new PlayhouseError('vault-key-wrong', { file: keyFile, where });
  const keys = await openVaultKey(keyFile, where);
  const verdict = judge(marker, keys);
  if (verdict === 'fits') return keys;
  // It may only have been hurt on its way here.
  const again = judge((await driver.get(key)) ?? Buffer.alloc(0), keys);
  if (again === 'fits') return keys;
  if (again === 'other-key') throw new PlayhouseError('vault-key-wrong', { file: keyFile, where });
  throw new PlayhouseError('vault-corrupt', {
    object: key,
    where,
    detail: 'it is not what was stored when the vault was made',
  });
}

async function makeVault(driver: VaultDriver, keyFile: string): Promise<VaultKeys> {
  const { where } = driver;
  for await (const { key: other } of driver.list('')) {
    throw new PlayhouseError('vault-corrupt', {
      object: key,
      where,
      detail: `it is missing, although there are others such as ${other}`,
    });
  }
  const keys = await openVaultKey(keyFile, where);
  const sealed = seal(Buffer.from('playhouse'), keys.sealing, key);
  await driver.put(key, Buffer.concat([Buffer.from(headingOf(keys)), sealed]));
  // Another engine with another key may have made the same vault at this moment: the last put counts.
  const marker = await driver.get(key);
  if (marker === null || judge(marker, keys) !== 'fits') {
    throw new PlayhouseError('vault-key-wrong', { file: keyFile, where });
  }
  return keys;
}

function judge(marker: Buffer, keys: VaultKeys): 'fits' | 'other-key' | 'damaged' {
  const [line, id] = heading.exec(marker.toString('latin1')) ?? [];
  if (line === undefined) return 'damaged';
  if (id !== keys.id) return opens(marker.subarray(line.length), keys) ? 'damaged' : 'other-key';
  return opens(marker.subarray(line.length), keys) ? 'fits' : 'damaged';
}

function opens(sealed: Uint8Array, keys: VaultKeys): boolean {
  try {
    unseal(sealed, keys.sealing, key, 1024);
    return true;
  } catch {
    return false;
  }
}

function headingOf(keys: VaultKeys): string {
  return `playhouse vault, made with the key ${keys.id}\n`;
}
