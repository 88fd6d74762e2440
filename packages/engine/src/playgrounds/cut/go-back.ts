import type { Step } from '../../operations/step.ts';
import { removeTree } from '../../system/durable-file.ts';
import { machineFiles } from '../machine-specification.ts';
import { noDrive } from '../playground-record.ts';
import { machinesOf, recordOf, type StartContext } from '../start/start-context.ts';

/** Makes machines that have ended what they were in a snapshot, with the identity that they have. */
export function goBack(snapshotId: string, cold: boolean): Step<StartContext> {
  return {
    label: 'Going back',
    run: async (context) => {
      const { tools, id } = context;
      const snapshot = tools.snapshots.get(snapshotId);
      const before = machinesOf(context);
      const record = recordOf(context);
      const machines = record.machines.map((machine) => {
        const then = snapshot.machines.find(({ name }) => name === machine.name);
        const drives = then?.drives.map((drive, index) => {
          return { ...noDrive, ...drive, overlay: null, overlays: machine.drives[index]?.overlays ?? 1 };
        });
        const resumes = !cold && (then?.memory ?? null) !== null;
        return { ...machine, drives: drives ?? machine.drives, resumes, memory: null, identity: null };
      });
      const { tasks, inputs } = snapshot;
      await tools.records.save({ ...record, machines, tasks, inputs, snapshotId, established: true });
      // What they wrote since lies in the snapshot that was made before this.
      for (const { machine, record: known } of before) {
        for (const [index, drive] of machine.drives.entries()) {
          const overlay = known.drives[index]?.overlay ?? null;
          if (overlay !== null)
            await removeTree(machineFiles(tools.paths, id, machine).overlay(drive, overlay));
        }
      }
      context.changed();
    },
  };
}
