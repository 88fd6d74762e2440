// Where the services run their code from. Usually the checkout itself; but the server is not root, and a checkout below a
// private folder such as /root is closed to it. Then the services run from a copy in the state directory.
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from '../connection/credentials.ts';
import { runOrFail } from '../system/run-command.ts';
import { blockedAt } from './readable-code.ts';

export interface ServiceCode {
  readonly root: string;
  /** The Node.js executable. */
  readonly node: string;
}

const needed = ['packages', 'node_modules', 'guest', 'images', 'package.json', 'package-lock.json', 'system-packages.txt'];

/**
 * Code that `user` can read, copied to `<state>/code/<digest>` when the checkout is closed to it.
 * @throws PlayhouseError command-failed
 */
export async function prepareServiceCode(
  checkout: ServiceCode,
  stateDirectory: string,
  digest: string,
  user: Owner,
): Promise<ServiceCode> {
  const ways = [join(checkout.root, 'node_modules'), join(checkout.root, 'packages/server/src/main.ts'), checkout.node];
  const blocks = await Promise.all(ways.map((way) => blockedAt(way, user).catch(() => null)));
  if (blocks.every((block) => block === null)) return checkout;
  const folder = join(stateDirectory, 'code');
  const name = digest.replace(/^sha256:/, '').slice(0, 16);
  const copy = { root: join(folder, name), node: join(folder, name, 'node') };
  if (await exists(copy.node)) return copy;
  const partial = `${copy.root}.new`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o755 });
  await runOrFail(['cp', '-a', ...needed.map((part) => join(checkout.root, part)), partial], { timeoutSeconds: 300 });
  await runOrFail(['cp', '-L', checkout.node, join(partial, 'node')]);
  await runOrFail(['chmod', '-R', 'go+rX,go-w', folder]);
  await rename(partial, copy.root);
  await removeOthers(folder, name);
  return copy;
}

async function removeOthers(folder: string, kept: string): Promise<void> {
  const old = (await readdir(folder)).filter((name) => name !== kept);
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
