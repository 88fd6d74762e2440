// What an unpacked image has that decides whether it can be a machine: users, an init, an SSH server.
import { open, stat } from 'node:fs/promises';
import { findInImage } from './in-image-path.ts';

export interface ImageContent {
  /** Everybody in /etc/passwd. */
  readonly accounts: readonly string[];
  /** Those whose shell lets them in. */
  readonly users: readonly string[];
  /** Path in the image; null when it has none. */
  readonly init: string | null;
  /** Path in the image; null when none was found at the usual places. */
  readonly sshServer: string | null;
}

const inits = ['/sbin/init'];
const sshServers = ['sbin', 'bin'].flatMap((folder) =>
  ['/usr', '/usr/local', ''].flatMap((prefix) =>
    ['sshd', 'dropbear', 'tinysshd'].map((name) => `${prefix}/${folder}/${name}`),
  ),
);
const largestPasswd = 4 * 1024 * 1024;

/** Looks into an unpacked image. */
export async function readImageContent(root: string): Promise<ImageContent> {
  const entries = parsePasswd(await readPasswd(root));
  return {
    accounts: entries.map(({ name }) => name),
    users: entries
      .filter(({ shell }) => !/(?:^|\/)(?:nologin|false|sync)$/.test(shell))
      .map(({ name }) => name),
    init: await firstFile(root, inits),
    sshServer: await firstFile(root, sshServers),
  };
}

/** Names and shells of a passwd file; lines that are none are passed over. */
export function parsePasswd(text: string): readonly { readonly name: string; readonly shell: string }[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , , home, shell = ''] = line.split(':');
    const valid = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/.test(name) && /^\d+$/.test(uid) && home !== undefined;
    return valid ? [{ name, shell: shell.trim() }] : [];
  });
}

async function readPasswd(root: string): Promise<string> {
  const path = await findInImage(root, '/etc/passwd');
  if (path === null || !(await stat(path)).isFile()) return '';
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(largestPasswd), 0, largestPasswd, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function firstFile(root: string, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await findInImage(root, path);
    if (found !== null && (await stat(found)).isFile()) return path;
  }
  return null;
}
