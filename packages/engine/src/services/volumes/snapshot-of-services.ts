import { manifestSchema } from '@playhouse/contract/manifest/manifest';
import type { SnapshotOrigin } from '@playhouse/contract/snapshot';
import type { SnapshotRecord, SnapshotServices } from '../../snapshots/snapshot-record.ts';
import type { ServicesRecord } from '../services-record.ts';

export interface SnapshotFacts {
  readonly id: string;
  readonly origin: SnapshotOrigin;
  /** `name@version` of the playspec that it is for. */
  readonly savedAs: string | null;
}

/** The snapshot of a playground of services: its volumes, and all that it takes to begin another one with them. */
export function snapshotOfServices(
  { order, parts, secrets, snapshotId }: ServicesRecord,
  { id, origin, savedAs }: SnapshotFacts,
  { volumes, checkouts }: Pick<SnapshotServices, 'volumes' | 'checkouts'>,
): SnapshotRecord {
  const { number, slug } = order;
  const manifest = manifestSchema.parse({ kind: 'playground', playground: {} });
  return {
    ...{ id, origin, savedAs },
    order: { id: order.id, number, slug, manifest, conditions: {}, authorizedKeys: [], from: null },
    parentId: snapshotId === id ? null : snapshotId,
    createdAt: new Date().toISOString(),
    ...{ offloadedAt: null, verifiedAt: null, verifyFailure: null },
    ...{ startupId: order.id, tasks: {}, inputs: {}, machines: [] },
    services: { order, parts, secrets, volumes, checkouts },
  };
}
