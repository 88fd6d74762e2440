import type { KeptReason, Service } from '@playhouse/contract/service';

const words: Readonly<Record<KeptReason, string>> = {
  changes: 'has changes that were not committed',
  commits: 'has commits that its branch does not have',
  unreadable: 'has a checkout that cannot be read',
};

/** What there is to tell of work that a playground is kept for at the end of its lifetime. */
export function keptNotes(before: readonly Service[], after: readonly Service[]): readonly string[] {
  const known = new Map(before.map(({ name, kept }) => [name, kept ?? null]));
  // That there is none any more an engine also says that has just begun and not looked yet.
  return after.flatMap(({ name, kept }) =>
    kept === null || kept === (known.get(name) ?? null)
      ? []
      : [`${name}: the playground is kept beyond its lifetime, for the service ${words[kept]}`],
  );
}
