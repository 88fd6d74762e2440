// The checks that read the checkout itself: file lengths, words, reasons for dependencies, lockfiles, system packages.
import { readFile } from 'node:fs/promises';
import { parseSystemPackages } from '@playhouse/cli/toolchain/system-packages';
import { pruneLockfile } from '../lockfile/prune-lockfile.ts';
import type { Lockfile } from '../lockfile/prune-lockfile.ts';
import { root } from '../system/run-command.ts';
import type { Check } from './check.ts';
import { dependencyProblems } from './dependency-reasons.ts';
import type { PackageManifest } from './dependency-reasons.ts';
import { projectFiles } from './project-files.ts';
import { lengthProblems, longFiles, wordProblems } from './text-rules.ts';

const read = async (path: string): Promise<string> => readFile(`${root}${path}`, 'utf8');

const texts: Check = {
  name: 'texts',
  run: async () => {
    const files = await projectFiles(root);
    const problems = Object.keys(longFiles)
      .filter((path) => !files.includes(path))
      .map((path) => `${path}: listed as a long file, and not there`);
    for (const path of files) {
      const text = await read(path);
      problems.push(...lengthProblems(path, text), ...wordProblems(path, text));
    }
    return { problems, scope: `${files.length} files` };
  },
};

const dependencies: Check = {
  name: 'dependencies',
  run: async () => {
    const paths = (await projectFiles(root)).filter((path) => /(^|\/)package\.json$/.test(path));
    const entries = await Promise.all(
      paths.map(async (path) => [path, JSON.parse(await read(path)) as PackageManifest] as const),
    );
    const problems = dependencyProblems(Object.fromEntries(entries), await read('docs/dependencies.md'));
    for (const path of ['package-lock.json', 'toolchain/package-lock.json']) {
      const text = await read(path);
      if (/"resolved": "https?:/.test(text)) problems.push(`${path}: names a registry: run npm run lock`);
      const { removed } = pruneLockfile(JSON.parse(text) as Lockfile);
      if (removed.length > 0) problems.push(`${path}: npm ci would refuse it: run npm run lock`);
    }
    const { problems: listProblems } = parseSystemPackages(await read('system-packages.txt'));
    problems.push(
      ...listProblems.map((problem) => `system-packages.txt:${problem.line}: ${problem.message}`),
    );
    return { problems, scope: `${paths.length} manifests, 2 lockfiles, system-packages.txt` };
  },
};

export const houseRules: readonly Check[] = [texts, dependencies];
