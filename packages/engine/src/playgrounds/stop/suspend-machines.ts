import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { removeTree } from '../../system/durable-file.ts';
import { cutMachines } from '../cut/cut-machines.ts';
import { finishCut } from '../cut/finish-cut.ts';
import { keepMemory } from '../cut/keep-memory.ts';
import { stagingOf } from '../cut/memory-images.ts';
import { settleCut } from '../cut/settle-cut.ts';
import { snapshotOf } from '../cut/snapshot-of.ts';
import { machinesOf, recordOf, type StartContext } from '../start/start-context.ts';
import { cutPower } from './shut-down.ts';
import { syncGuests } from './sync-guests.ts';

/**
 * Cuts all machines with their memory and ends them. Until the snapshot is there for good a failure lets them go on; from then
 * on they end, whatever happens.
 */
export function suspendMachines(snapshotId: string): Step<StartContext> {
  return {
    label: 'Suspending machines',
    run: async (context, voice) => {
      const { cut, snapshotId: last } = recordOf(context);
      if (cut === null && last === snapshotId) return;
      // Unless it was final, machines have gone on since: what was cut of them then is of no use.
      if (cut?.snapshotId !== snapshotId || !cut.final) await keep(context, snapshotId, voice);
      await endAll(context, snapshotId);
    },
    undo: async (context) => {
      if (recordOf(context).cut?.final) return;
      await settleCut(context);
      await removeTree(stagingOf(context.tools, snapshotId));
    },
  };
}

async function keep(context: StartContext, snapshotId: string, voice: StepVoice): Promise<void> {
  const { tools, id } = context;
  await settleCut(context);
  if (recordOf(context).machines.every(({ name }) => context.running(name) === undefined)) {
    throw new PlayhouseError('memory-impossible', { playground: id, detail: 'none of its machines runs.' });
  }
  // So that its drives alone are of use as well.
  await syncGuests(context, voice);
  const images = await cutMachines(context, { snapshotId, memory: true, goOn: false }, voice);
  const memory = await keepMemory(context, images);
  const record = recordOf(context);
  await tools.snapshots.save(
    snapshotOf(record, { id: snapshotId, origin: 'suspend', savedAs: null }, memory),
  );
  crashPoint('cut/kept');
  if (record.cut) await tools.records.save({ ...record, cut: { ...record.cut, final: true } });
  crashPoint('suspend/final');
}

async function endAll(context: StartContext, snapshotId: string): Promise<void> {
  const { tools, id } = context;
  const snapshot = tools.snapshots.get(snapshotId);
  for (const { machine } of machinesOf(context)) {
    context.unwatch(machine.manifest.name);
    await cutPower(context, machine);
  }
  await tools.cgroups.remove(id);
  const record = recordOf(context);
  const machines = record.machines.map((machine) => ({
    ...machine,
    state: 'stopped' as const,
    process: null,
    memory: null,
    resumes: snapshot.machines.some(({ name, memory }) => name === machine.name && memory !== null),
  }));
  await tools.records.save({ ...record, machines, snapshotId });
  crashPoint('suspend/ended');
  await finishCut(context, () => true);
  context.changed();
}
