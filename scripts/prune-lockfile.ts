// Run after every change of dependencies (npm run lock); the check fails when it was forgotten.
import { readFile, writeFile } from 'node:fs/promises';
import { pruneLockfile } from './lockfile/prune-lockfile.ts';
import type { Lockfile } from './lockfile/prune-lockfile.ts';

for (const path of ['package-lock.json', 'toolchain/package-lock.json']) {
  const file = new URL(`../${path}`, import.meta.url);
  const { lockfile, removed } = pruneLockfile(JSON.parse(await readFile(file, 'utf8')) as Lockfile);
  if (removed.length > 0) await writeFile(file, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${path}: ${removed.length} entry-less optional dependencies removed`);
}
