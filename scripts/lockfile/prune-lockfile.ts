// Keeps package-lock.json usable with `npm ci` everywhere: a registry that does not carry the bindings of foreign
// platforms makes npm name them in the lockfile without an entry, and `npm ci` then refuses the whole lockfile.
import { isDeepStrictEqual } from 'node:util';

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

export interface Lockfile {
  packages: Record<string, LockedPackage>;
  [key: string]: unknown;
}

/** The lockfile without optional dependencies that have no entry of their own in it, and their names. */
export function pruneLockfile(lockfile: Lockfile): { lockfile: Lockfile; removed: string[] } {
  const removed = new Set<string>();
  const packages = Object.fromEntries(
    Object.entries(lockfile.packages).map(([path, entry]) => {
      const { optionalDependencies, ...rest } = entry;
      if (!optionalDependencies) return [path, entry];
      const kept = Object.entries(optionalDependencies).filter(([name]) => {
        if (hasEntry(lockfile, path, name)) return true;
        removed.add(name);
        return false;
      });
      const pruned = Object.fromEntries(kept);
      if (isDeepStrictEqual(pruned, optionalDependencies)) return [path, entry];
      return [path, kept.length === 0 ? rest : { ...entry, optionalDependencies: pruned }];
    }),
  );
  return { lockfile: { ...lockfile, packages }, removed: [...removed].toSorted() };
}

/** Node's resolution: the nearest node_modules on the way up from the dependent package. */
function hasEntry(lockfile: Lockfile, from: string, name: string): boolean {
  let folder = from;
  for (;;) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (candidate in lockfile.packages) return true;
    if (folder === '') return false;
    folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
  }
}
