import { projectName } from '@playhouse/contract/identifier';
import { canonicalSource } from '@playhouse/contract/image-reference';
import type { SourceStore } from '../images/source-store.ts';
import type { PlaygroundRecords } from './playground-record.ts';

/** Names of the playgrounds whose manifest names a source, or one that it stands in for. */
export function sourceUsers(
  records: Pick<PlaygroundRecords, 'all'>,
  sources: Pick<SourceStore, 'inPlaceOf'>,
  source: string,
): readonly string[] {
  const wanted = canonicalSource(source);
  return records.all().flatMap(({ order }) => {
    const drives = order.manifest.playground.machines?.flatMap((machine) => machine.drives) ?? [];
    const uses = drives.some(
      (drive) => drive.source !== undefined && canonicalSource(sources.inPlaceOf(drive.source)) === wanted,
    );
    return uses ? [projectName(order)] : [];
  });
}
