import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const skipped = new Set(['.git', 'node_modules', '.toolchain', '.cache']);

/** Every file that people keep in this checkout, as paths relative to `folder`, sorted; installed and cached ones left out. */
export async function projectFiles(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => !skipped.has(entry.name))
      .map(async (entry) => {
        const path = under === '' ? entry.name : `${under}/${entry.name}`;
        if (entry.isDirectory()) return projectFiles(folder, path);
        return entry.isFile() ? [path] : [];
      }),
  );
  return found.flat().toSorted();
}
