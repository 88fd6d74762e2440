// Deletes chunks that no file needs any more. Nothing is deleted unless every index could be read, and a crash in between
// leaves only chunks that the next run deletes.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { FileIndex } from './file-index.ts';
import { Flight } from '../chunks/flight.ts';
import type { Leases } from './leases.ts';
import { objectKeys } from './object-keys.ts';
import type { VaultDriver, VaultObject } from './vault-driver.ts';

export interface Collected {
  readonly removedChunks: number;
  readonly removedBytes: number;
  /** False when it gave way to somebody who stores: the rest is for another time. */
  readonly complete: boolean;
}

export interface CollectTools {
  readonly driver: VaultDriver;
  readonly leases: Leases;
  readonly readIndex: (name: string) => Promise<FileIndex | null>;
}

/** So many are deleted between two looks for storers. */
const batchSize = 32;

/** A deletion that has no answer by then is given up. Well below the time for which a storer waits (leases.ts). */
const removalMs = 15_000;

/** Waits for those who store now, then collects until somebody else wants to store. */
export async function collectChunks(
  { driver, leases, readIndex }: CollectTools,
  signal?: AbortSignal,
): Promise<Collected> {
  await leases.settled('store', signal);
  const collect = async (stillStands: () => Promise<boolean>): Promise<Collected> => {
    let [removedChunks, removedBytes] = [0, 0];
    const removeAll = async (batch: readonly VaultObject[]): Promise<boolean> => {
      if (!(await stillStands()) || (await leases.any('store', signal))) return false;
      // The lease must stand until the last of them has ended, well or badly.
      const flight = new Flight(
        AbortSignal.any([AbortSignal.timeout(removalMs), ...(signal ? [signal] : [])]),
      );
      for (const { key } of batch) flight.add(driver.remove(key, flight.signal));
      await flight.land();
      removedChunks += batch.length;
      removedBytes += batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return true;
    };
    // Also without this the first look would stop it; but reading all indexes may take a while.
    if (!(await removeAll([]))) return { removedChunks, removedBytes, complete: false };
    const needed = await neededChunks(driver, readIndex, signal);
    let batch: VaultObject[] = [];
    for await (const object of driver.list(objectKeys.chunks, signal)) {
      if (!needed.has(object.key)) batch.push(object);
      if (batch.length < batchSize) continue;
      if (!(await removeAll(batch))) return { removedChunks, removedBytes, complete: false };
      batch = [];
    }
    const complete = await removeAll(batch);
    return { removedChunks, removedBytes, complete };
  };
  return await leases.hold('collect', collect, signal);
}

async function neededChunks(
  driver: VaultDriver,
  readIndex: CollectTools['readIndex'],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  for await (const { key } of driver.list(objectKeys.files, signal)) {
    const index = await readIndex(key.slice(objectKeys.files.length));
    // One that was removed since it was listed names nothing any more; of one that is there all chunks would be lost.
    if (index === null && (await driver.has(key, signal)))
      throw new PlayhouseError('vault-object-missing', { what: `object \`${key}\``, where: driver.where });
    for (const name of index?.chunks ?? []) if (name !== null) needed.add(objectKeys.chunk(name));
  }
  return needed;
}
