import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runOrFail } from '../../system/run.ts';

const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];

/** Contents by path, then what links lead to. */
export type CommittedFiles = [
  files: Readonly<Record<string, string>>,
  links?: Readonly<Record<string, string>>,
];

/** Commits files to a repository, which is made where there is none, and gives its address. */
export async function commitFiles(root: string, ...[files, links = {}]: CommittedFiles): Promise<string> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
  }
  for (const [link, target] of Object.entries(links)) await symlink(target, join(root, link));
  const git = async (...words: string[]) => await runOrFail(['git', ...author, '-C', root, ...words]);
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'change');
  return `file://${root}`;
}
