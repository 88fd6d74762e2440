import type { Step } from '../../operations/step.ts';
import { layersOf } from '../../snapshots/snapshot-record.ts';
import type { StartContext } from '../start/start-context.ts';

/** Has the host write the snapshot’s layers to its disk and says what is in them: from then on they outlive a power cut. */
export function computeDigests(snapshotId: string): Step<Pick<StartContext, 'tools'>> {
  return {
    label: 'Computing digests',
    run: async ({ tools }, voice) => {
      const snapshot = tools.snapshots.find(snapshotId);
      if (snapshot === null) return voice.detail('nothing was kept');
      for (const id of new Set(layersOf(snapshot))) voice.log(`${id} ${await tools.layers.seal(id)}`);
      tools.vaultKeeper.wake();
    },
  };
}
