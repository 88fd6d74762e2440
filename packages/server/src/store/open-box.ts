import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { SecretBox } from '@playhouse/contract/secret-box';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import { sealEverything } from './seal-everything.ts';
import type { StoreKey } from './store-key.ts';

/** What the proof says, and what it is sealed under. */
const proof = 'playhouse store';

/**
 * The box that seals what is secret in a store. A database that nothing was sealed in yet, new or of an earlier version, is
 * sealed with the key that is there, else with a new one; from then on it opens with that key alone.
 * @throws PlayhouseError store-key-lost; file-unreadable
 */
export async function openBox(tables: Kysely<Tables>, storeKey: StoreKey): Promise<SecretBox> {
  const sealed = await tables.selectFrom('store_key').select('proof').executeTakeFirst();
  const box = boxOf(storeKey.read());
  if (sealed !== undefined) {
    if (box === null) throw lost(storeKey, 'is missing or damaged');
    if (!opens(box, sealed.proof)) throw lost(storeKey, 'is not the one that it was sealed with');
    return box;
  }
  const fresh = box ?? makeBox(storeKey);
  await tables.transaction().execute(async (transaction) => {
    await sealEverything(transaction, fresh);
    await transaction
      .insertInto('store_key')
      .values({ proof: fresh.seal(proof, proof) })
      .execute();
  });
  return fresh;
}

function boxOf(key: Uint8Array | null): SecretBox | null {
  return key?.byteLength === SecretBox.keyBytes ? new SecretBox(key) : null;
}

function makeBox({ keep }: StoreKey): SecretBox {
  const key = SecretBox.newKey();
  keep(key);
  return new SecretBox(key);
}

function opens(box: SecretBox, sealed: string): boolean {
  try {
    return box.unseal(sealed, proof) === proof;
  } catch {
    return false;
  }
}

function lost({ file }: StoreKey, detail: string): PlayhouseError {
  return new PlayhouseError('store-key-lost', { file, detail });
}
