import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { mostOutputBytes, tooMuch } from '../../system/launcher/launcher.ts';
import type { RunResult } from '../../system/run.ts';
import { gitError } from './git.ts';

/** What a commit has at a path. */
export type RepositoryEntry =
  | { readonly kind: 'file'; readonly text: string }
  /** `tree` names it to Git. */
  | { readonly kind: 'folder'; readonly tree: string }
  /** A link there, or on the way, leads out of the repository. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'missing' };

/** In place of what there is, where nothing is: a link to nothing, in a circle, or through what is no folder, among them. */
const nothing = /^(?:dangling|loop|notdir) \d+$| missing$/;

/**
 * Looks at a path of a commit or a tree, links within it followed; `.` is the whole. `ask` runs Git on the repository, which is called
 * `repository` where it fails.
 * @throws PlayhouseError repository-failed, also for a file that is larger than what a program may say
 */
export async function findEntry(
  path: string,
  repository: string,
  ask: (words: readonly string[], input: string) => Promise<RunResult>,
  tree = 'HEAD',
): Promise<RepositoryEntry> {
  if (path.includes('\n')) return { kind: 'missing' };
  const name = `${tree}:${path === '.' ? '' : path}\n`;
  const { exitCode, stdout, stderr } = await ask(['cat-file', '--batch', '--follow-symlinks'], name);
  const end = stdout.indexOf('\n');
  const line = stdout.slice(0, end);
  const [first = '', kind] = line.split(' ');
  // A failure is not to be taken for a file that is not there: something else would take its place.
  if (exitCode !== 0 && stderr.endsWith(tooMuch)) {
    const detail = `\`${path}\` is larger than ${mostOutputBytes / 1024 ** 2} MiB`;
    throw new PlayhouseError('repository-failed', { repository, detail });
  }
  if (exitCode !== 0) throw gitError(repository, stderr, null);
  // Links are told by a word in the place of what they lead to.
  if (first === 'symlink') return { kind: 'outside' };
  if (nothing.test(line)) return { kind: 'missing' };
  if (!/^[0-9a-f]+$/.test(first))
    throw new PlayhouseError('repository-failed', { repository, detail: `${path}: ${line.slice(-200)}` });
  if (kind === 'tree') return { kind: 'folder', tree: first };
  return kind === 'blob' ? { kind: 'file', text: stdout.slice(end + 1, -1) } : { kind: 'missing' };
}
