import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const roots = ['packages', 'guest', 'launcher', 'images', 'package-lock.json'];
const leftOut = /(^|\/)node_modules(\/|$)|\.test\.ts$/;

/**
 * Digest of the code the platform runs, the same in every clone. When it differs from the one the server was started with,
 * the services are restarted.
 */
export async function computeCodeDigest(codeRoot: string): Promise<string> {
  const found = await Promise.all(roots.map((root) => listFiles(join(codeRoot, root))));
  const files = found
    .flat()
    .map((file) => relative(codeRoot, file))
    .filter((file) => !leftOut.test(file));
  const hash = createHash('sha256');
  const contents = await Promise.all(files.sort().map((file) => readFile(join(codeRoot, file))));
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function listFiles(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const nested = entries
      .filter((entry) => entry.name !== 'node_modules')
      .map(async (entry) =>
        entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)],
      );
    return (await Promise.all(nested)).flat();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
