import type { PlaygroundRecord } from '../playground-record.ts';

/** What of a playground, whatever it is made of, says which snapshots it needs. */
export interface SnapshotUser {
  readonly order: Pick<PlaygroundRecord['order'], 'id' | 'number' | 'slug'> & {
    readonly from: { readonly snapshotId: string } | null;
  };
  /** The one that it is at. */
  readonly snapshotId: string | null;
  /** True once what it begins with is its own. */
  readonly established: boolean;
}
