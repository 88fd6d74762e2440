import type { Playspec } from '@playhouse/contract/playspec';

const commitDigits = 12;

/** Which file of which commit a playspec was taken from, to be said behind something else; empty for what was given as a text. */
export function originWords({ origin }: Pick<Playspec, 'origin'>): string {
  // A server of the version before does not say.
  if (!origin) return '';
  const { path, repository, branch, commit } = origin;
  const where = branch === null ? '' : `${branch}@`;
  return `, from ${path} of ${repository} at ${where}${commit.slice(0, commitDigits)}`;
}
