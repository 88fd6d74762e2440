import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { ChunkThreads } from '../../chunks/chunk-threads.ts';
import { chunkBytes } from '../../chunks/chunk-size.ts';
import type { LeaseTimes } from '../leases.ts';
import type { VaultDriver } from '../vault-driver.ts';
import { Vault } from '../vault.ts';
import { MemoryDriver } from './memory-driver.ts';

/** Leases of the real shape, many times as fast; the limits leave room for a test machine that is busy. */
export const quickTimes: LeaseTimes = { renewMs: 50, storerMs: 3000, collectorMs: 3000, lookMs: 10 };

/** To start threads takes longer than most tests. */
const threads = new ChunkThreads();

/** For tests that wait for who died, and in which nobody works at the same time as another. */
export const hastyTimes: LeaseTimes = { renewMs: 20, storerMs: 300, collectorMs: 300, lookMs: 5 };

export interface VaultFixture {
  readonly folder: string;
  readonly driver: VaultDriver;
  readonly vault: Vault;
  /** Another vault on the same storage and key, as another process would have it; or on a driver around it. */
  readonly another: (driver?: VaultDriver, keyFile?: string) => Vault;
}

/** A vault of the test’s own, with a folder for its key and files; in memory unless the test is about real storage. */
export async function makeVault(
  makeDriver: (folder: string) => VaultDriver = () => new MemoryDriver(),
  leaseTimes = quickTimes,
): Promise<VaultFixture> {
  const folder = await temporaryDirectory();
  const driver = makeDriver(folder);
  const another = (inner: VaultDriver = driver, keyFile = `${folder}/vault.key`) => {
    const made = new Vault({ driver: inner, keyFile, leaseTimes, threads });
    onTestFinished(async () => await made.close());
    return made;
  };
  return { folder, driver, vault: another(), another };
}

/**
 * A file of parts, each a number of chunks: `random` ones do not compress, `text` ones do, `zeros` are written, a `hole` is not.
 * `extra` more bytes make its last chunk short.
 */
export async function makeFile(
  path: string,
  parts: readonly (readonly ['random' | 'text' | 'zeros' | 'hole', number])[],
  extra = 0,
): Promise<void> {
  const file = await open(path, 'w');
  let at = 0;
  for (const [kind, count] of parts) {
    for (let chunk = 0; chunk < count; chunk++, at += chunkBytes) {
      if (kind === 'hole') continue;
      const bytes = kind === 'random' ? randomBytes(chunkBytes) : Buffer.alloc(chunkBytes);
      if (kind === 'text') bytes.fill('a line of a log file, much like the others\n');
      await file.write(bytes, 0, chunkBytes, at);
    }
  }
  await file.truncate(at);
  if (extra > 0) await file.write(randomBytes(extra), 0, extra, at);
  await file.close();
}
