// The steps of `playground.snapshot`: a cut of a playground that goes on, running or not.
import type { Step, StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { removeTree } from '../../system/durable-file.ts';
import { recordOf, type StartContext } from '../start/start-context.ts';
import { cutMachines } from './cut-machines.ts';
import { finishCut } from './finish-cut.ts';
import { keepMemory } from './keep-memory.ts';
import { stagingOf } from './memory-images.ts';
import { settleCut } from './settle-cut.ts';
import { type SnapshotFacts, snapshotOf } from './snapshot-of.ts';

export interface SnapshotWish extends SnapshotFacts {
  readonly memory: boolean;
}

/** Cuts all machines at one moment. When it fails they run on as they were. */
export function takeSnapshot(wish: SnapshotWish): Step<StartContext> {
  return {
    label: 'Cutting machines',
    run: async (context, voice) => {
      // A cut that an engine died in is made anew.
      await settleCut(context);
      if (context.tools.snapshots.find(wish.id) === null) await takeNow(context, wish, voice);
      const record = recordOf(context);
      // One that is suspended stays at the snapshot that has its memory; one that is only looked at has left none.
      if (wish.origin !== 'diff' && !record.machines.some(({ resumes }) => resumes))
        await context.tools.records.save({ ...record, snapshotId: wish.id });
      context.tools.vaultKeeper.wake();
      context.changed();
    },
    undo: async (context) => {
      await settleCut(context);
      await context.tools.snapshots.remove(wish.id);
      await removeTree(stagingOf(context.tools, wish.id));
    },
  };
}

async function takeNow(context: StartContext, wish: SnapshotWish, voice: StepVoice): Promise<void> {
  const { tools } = context;
  const before = recordOf(context);
  const isOff = before.machines.every(({ name }) => context.running(name) === undefined);
  const suspended = wish.memory ? tools.snapshots.find(before.snapshotId ?? '') : null;
  if (
    isOff &&
    before.cut === null &&
    before.machines.every(({ drives }) => drives.every(({ overlay }) => overlay === null))
  ) {
    // Nothing was written since the last cut, whose memory may still be good.
    const memory = before.machines.flatMap(({ name, resumes }) => {
      const kept = suspended?.machines.find((machine) => machine.name === name)?.memory;
      return resumes && kept ? [[name, kept] as const] : [];
    });
    return await tools.snapshots.save(snapshotOf(before, wish, new Map(memory)));
  }
  const cut = { snapshotId: wish.id, memory: wish.memory, goOn: true };
  const images = await cutMachines(context, cut, voice);
  const memory = await keepMemory(context, images);
  // First the snapshot: whoever finds the cut unfinished after a crash finishes it, and finds this done.
  await tools.snapshots.save(snapshotOf(recordOf(context), wish, memory));
  crashPoint('cut/kept');
  await finishCut(context, () => true);
}
