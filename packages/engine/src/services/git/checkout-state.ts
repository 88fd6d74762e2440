// What is wanted of a checkout, and how it stands.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Service } from '@playhouse/contract/service';

export interface CheckoutWish {
  readonly url: string;
  /** Null: the repository’s default. */
  readonly branch: string | null;
  /** Makes `branch` anew, from this branch or tag. */
  readonly newFrom: string | null;
  /** Takes the repository’s own branch where `branch` is to be made anew, and it has it by now. Default: that is an error. */
  readonly orExisting?: boolean;
}

export interface CheckoutState {
  /** `HEAD` when it is on none. */
  readonly branch: string;
  readonly commit: string;
  /** There are changes that were not committed, or files that Git does not know. */
  readonly dirty: boolean;
}

export interface CheckoutSync extends CheckoutState {
  readonly standing: Exclude<NonNullable<Service['standing']>, 'unknown'>;
  /** The newest commit of the branch in the repository; null where that does not have the branch. */
  readonly newest: string | null;
  /** Files that what is new would have overwritten, and that Git was told to ignore: it was not taken up. */
  readonly inTheWay: readonly string[];
}

/** How a working copy stands, as Git tells it with `statusWords`. */
export interface WorkingCopy {
  readonly state: CheckoutState;
  /** It is at the commit that the branch had in the repository when that was last asked. */
  readonly isLevel: boolean;
}

/**
 * Asks Git for all of it at once: a playground is looked at again and again. A repository within this one is left out, for it is
 * whatever a container has made of it: its settings could have Git run programs.
 */
export const statusWords = ['status', '--porcelain=v2', '--branch', '--ignore-submodules=all'] as const;

/**
 * Of the lines of `git status`: `# branch.oid COMMIT`, `# branch.head BRANCH`, `# branch.ab +0 -0`, and one for each change.
 * @throws PlayhouseError repository-failed when it is at no commit: somebody has damaged it
 */
export function readStatus(said: string): WorkingCopy {
  const lines = said.split('\n').filter(Boolean);
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? '';
  const head = header('head');
  if (header('oid') === '(initial)')
    throw new PlayhouseError('repository-failed', {
      repository: head,
      detail: 'the branch has no commit here',
    });
  return {
    state: {
      branch: head === '(detached)' ? 'HEAD' : head,
      commit: header('oid'),
      dirty: lines.some((line) => !line.startsWith('# ')),
    },
    isLevel: header('upstream') === `origin/${head}` && header('ab') === '+0 -0',
  };
}

/** The reference of a branch: a tag may have the same name. */
export function headOf(branch: string): string {
  return `refs/heads/${branch}`;
}

/** The commit of a reference in what `git ls-remote` lists, which is all whose name ends like it; null when it is not among them. */
export function commitListed(listed: string, reference: string): string | null {
  const found = listed.split('\n').find((line) => line.endsWith(`\t${reference}`));
  return found?.split('\t')[0] ?? null;
}

export function standingOf(ahead: number, behind: number): CheckoutSync['standing'] {
  if (behind === 0) return ahead === 0 ? 'current' : 'ahead';
  return ahead === 0 ? 'behind' : 'diverged';
}
