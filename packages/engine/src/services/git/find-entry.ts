import type { RunResult } from '../../system/run.ts';

/** What a commit has at a path. */
export type RepositoryEntry =
  | { readonly kind: 'file'; readonly text: string }
  /** `tree` names it to Git. */
  | { readonly kind: 'folder'; readonly tree: string }
  /** A link there, or on the way, leads out of the repository. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'missing' };

/** Looks at a path of `HEAD`, links within the commit followed; `.` is the whole. `ask` runs Git on the repository. */
export async function findEntry(
  path: string,
  ask: (words: readonly string[], input: string) => Promise<Pick<RunResult, 'exitCode' | 'stdout'>>,
): Promise<RepositoryEntry> {
  if (path.includes('\n')) return { kind: 'missing' };
  const name = `HEAD:${path === '.' ? '' : path}\n`;
  const { exitCode, stdout } = await ask(['cat-file', '--batch', '--follow-symlinks'], name);
  const end = stdout.indexOf('\n');
  const [first = '', kind] = stdout.slice(0, end).split(' ');
  if (exitCode !== 0) return { kind: 'missing' };
  // Links are told by a word in the place of what they lead to: `dangling`, `loop` and `notdir` lead to nothing.
  if (first === 'symlink') return { kind: 'outside' };
  if (!/^[0-9a-f]+$/.test(first)) return { kind: 'missing' };
  if (kind === 'tree') return { kind: 'folder', tree: first };
  return kind === 'blob' ? { kind: 'file', text: stdout.slice(end + 1, -1) } : { kind: 'missing' };
}
