// What is wanted of a checkout, and how it stands.
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

/** The reference of a branch: a tag may have the same name. */
export function headOf(branch: string): string {
  return `refs/heads/${branch}`;
}

export function standingOf(ahead: number, behind: number): CheckoutSync['standing'] {
  if (behind === 0) return ahead === 0 ? 'current' : 'ahead';
  return ahead === 0 ? 'behind' : 'diverged';
}
