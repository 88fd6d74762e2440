import type { Inventory } from '@playhouse/contract/link/report';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import type { ManifestIssue } from '@playhouse/contract/manifest/manifest-issue';

/** A note for each drive that gets another source than the one it names. */
export function findStandIns(
  { playground }: Manifest,
  { sources }: Pick<Inventory, 'sources'>,
): ManifestIssue[] {
  return (playground.machines ?? []).flatMap(({ name: machine, drives }, index) =>
    drives.flatMap(({ source }, drive): ManifestIssue[] => {
      const instead = sources.find(({ name }) => name === source)?.instead ?? null;
      if (source === undefined || instead === null) return [];
      const path = ['playground', 'machines', index, 'drives', drive, 'source'];
      return [{ code: 'manifest-stand-in', path, parameters: { source, machine, instead } }];
    }),
  );
}
