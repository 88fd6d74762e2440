import type { LayerStore } from '../layers/layer-store.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { VaultKeeper } from './vault-keeper.ts';

/** What snapshots are made with and begun from, whatever a playground is made of. */
export interface SnapshotTools {
  readonly layers: LayerStore;
  readonly snapshots: SnapshotStore;
  readonly vaultKeeper: VaultKeeper;
  /** True while an operation is not over. */
  readonly underWay: (operationId: string) => boolean;
}
