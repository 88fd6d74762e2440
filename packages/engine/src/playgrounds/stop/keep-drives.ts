import type { Step } from '../../operations/step.ts';
import { type CutContext, finishCut } from '../cut/finish-cut.ts';
import { planCut } from '../cut/plan-cut.ts';
import { snapshotOf } from '../cut/snapshot-of.ts';
import { settleCut } from '../cut/settle-cut.ts';
import { recordOf } from '../start/start-context.ts';

/** Makes a snapshot of the drives of machines that have ended. */
export function keepDrives(snapshotId: string): Step<CutContext> {
  return {
    label: 'Keeping drives',
    run: async (context, voice) => {
      const { tools } = context;
      // A cut that was never brought to its end says what is written to, not what is to be kept.
      await settleCut(context);
      const { established, machines, cut } = recordOf(context);
      if (!established) return voice.detail('nothing was written yet');
      if (tools.snapshots.find(snapshotId) !== null && cut === null) return;
      const planned =
        cut ??
        planCut(
          snapshotId,
          machines,
          () => false,
          () => tools.layers.newId(),
        );
      const record = await tools.records.save({ ...recordOf(context), cut: { ...planned, final: true } });
      const snapshot = snapshotOf(record, { id: snapshotId, origin: 'stop', savedAs: null }, new Map());
      await tools.snapshots.save(snapshot);
      await finishCut(context, () => true);
      await tools.records.save({ ...recordOf(context), snapshotId });
    },
  };
}
