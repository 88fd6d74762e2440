import { projectName } from '@playhouse/contract/identifier';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { PlaygroundRecords } from './playground-record.ts';

/** Names of the playgrounds on this playroom with a machine that runs the kernel. */
export function kernelUsers(records: Pick<PlaygroundRecords, 'all'>, kernel: string): readonly string[] {
  return records
    .all()
    .filter(({ order }) =>
      resolveManifest(order.manifest).machines.some((each) => each.kernel.source === kernel),
    )
    .map(({ order }) => projectName(order));
}
