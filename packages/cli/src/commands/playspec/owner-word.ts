import type { Playspec } from '@playhouse/contract/playspec';

/** Whose a playspec is, for people; no user can be called `playhouse`. */
export function ownerWord({ owner }: Pick<Playspec, 'owner'>): string {
  return owner ?? 'playhouse';
}
