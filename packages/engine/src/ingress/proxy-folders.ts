// The folders of a proxy that runs without root’s rights. What it may write is apart from what the engine, as root, writes: a proxy
// that was broken into must not lay links where root then writes.
import { chmod, chown, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Account } from '../system/as-account.ts';

export interface ProxyFolders {
  /** Certificates and keys; only the proxy’s user reads it. */
  readonly storage: string;
  /** Configuration, log and the gate’s socket: the engine writes, the proxy’s group reads. */
  readonly runFolder: string;
}

/** Where the proxy itself makes its sockets. */
export function socketFolder({ runFolder }: Pick<ProxyFolders, 'runFolder'>): string {
  return `${runFolder}/own`;
}

export async function makeProxyFolders(folders: ProxyFolders, account: Account | null): Promise<void> {
  await mkdir(folders.runFolder, { recursive: true });
  if (account) await chown(folders.runFolder, 0, account.gid);
  await chmod(folders.runFolder, account ? 0o750 : 0o700);
  // The authority that Traefik trusts lies beside the storage: only what is in there is nobody else’s.
  const around = dirname(folders.storage);
  await mkdir(around, { recursive: true });
  await chmod(around, 0o711);
  for (const folder of [folders.storage, socketFolder(folders)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (account) await chown(folder, account.uid, account.gid);
  }
}

/** Lets the proxy read a file that the engine wrote. */
export async function letRead(file: string, account: Account | null): Promise<void> {
  if (account) await chown(file, 0, account.gid);
  await chmod(file, account ? 0o640 : 0o600);
}
