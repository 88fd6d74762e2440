import type { KeptReason, Service } from '@playhouse/contract/service';

const words: Readonly<Record<KeptReason, string>> = {
  changes: 'has changes that were not committed',
  commits: 'has commits that its branch does not have',
  unreadable: 'has a checkout that cannot be read',
};

/** What there is to tell of work that a playground is kept for at the end of its lifetime, and when that is over. */
export function keptNotes(before: readonly Service[], after: readonly Service[]): readonly string[] {
  const known = new Map(before.map(({ name, kept }) => [name, kept ?? null]));
  return after.flatMap(({ name, kept }) => {
    const former = known.get(name) ?? null;
    if (former === (kept ?? null)) return [];
    return kept === null
      ? [`${name}: nothing is kept for it any more`]
      : [`${name}: the playground is kept beyond its lifetime, for the service ${words[kept]}`];
  });
}
