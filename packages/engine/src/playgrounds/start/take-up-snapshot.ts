// How a playground begins that does not begin cold: with the drives, and where it can with the memory, of a snapshot.
import { randomBytes } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { untilMade } from '../../snapshots/until-made.ts';
import { isAlive } from '../../system/process-identity.ts';
import { noDrive } from '../playground-record.ts';
import { recordOf, type StartContext } from './start-context.ts';
import { memoryMisfit } from './memory-misfit.ts';

const machineIdBytes = 16;

/** Takes up what a playground begins with; `cold` leaves memory that was kept. */
export function takeUpSnapshot(cold: boolean): Step<StartContext> {
  return {
    label: 'Taking up the snapshot',
    run: async (context, voice) => {
      const { order, established } = recordOf(context);
      if (order.from !== null && !established) await begin(context, order.from, voice);
      const { machines: there } = recordOf(context);
      if (there.length > 0 && there.every(({ process }) => process !== null && isAlive(process)))
        return voice.detail('machines are up already');
      await fetchMissing(context, cold, voice);
      const { machines } = recordOf(context);
      if (!machines.some(({ resumes }) => resumes)) return voice.detail('machines will boot');
      const detail = cold ? null : await memoryMisfit(context);
      if (!cold && detail === null) return voice.detail('machines will go on where they were');
      if (detail !== null && (order.from?.memory !== 'prefer' || established)) {
        const snapshot = recordOf(context).snapshotId ?? '';
        throw new PlayhouseError('memory-unfit', { snapshot, playground: order.id, detail });
      }
      if (detail === null) return await leaveMemory(context);
      voice.log(`the memory in the snapshot is of no use here, so this is a cold start: ${detail}`);
      await beginCold(context);
    },
  };
}

/** Brings back what the machines lie on and, where they are to go on, their memory. */
async function fetchMissing(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  cold: boolean,
  voice: StepVoice,
): Promise<void> {
  const { snapshotId, machines } = recordOf({ tools, id });
  if (snapshotId === null) return;
  const goOn = !cold && machines.some(({ resumes }) => resumes);
  const kept = goOn ? tools.snapshots.get(snapshotId).machines : [];
  const needed = machines.map(({ name, drives, resumes }) => {
    const memory = resumes ? kept.find((machine) => machine.name === name)?.memory : null;
    return { drives, memory: memory ?? null };
  });
  await tools.vaultKeeper.ensureLocal(snapshotId, { machines: needed }, voice);
}

async function leaveMemory(context: StartContext): Promise<void> {
  const record = recordOf(context);
  const machines = record.machines.map((machine) => ({ ...machine, resumes: false }));
  await context.tools.records.save({ ...record, machines });
}

/** The playground’s machines are those of the snapshot, but for what makes them others. */
async function begin(
  context: StartContext,
  { snapshotId, memory }: { readonly snapshotId: string; readonly memory: string },
  voice: StepVoice,
): Promise<void> {
  const snapshot = await untilMade(context.tools, snapshotId, voice);
  const record = recordOf(context);
  const machines = record.machines.map((machine) => {
    const origin = snapshot.machines.find(({ name }) => name === machine.name);
    if (!origin)
      throw new PlayhouseError('snapshot-incomplete', {
        snapshot: snapshotId,
        detail: `it has no machine ${machine.name}.`,
      });
    return {
      ...machine,
      drives: origin.drives.map((drive) => ({ ...noDrive, ...drive, overlay: null })),
      machineId: randomBytes(machineIdBytes).toString('hex'),
      hostKey: null,
      resumes: memory !== 'leave' && origin.memory !== null,
    };
  });
  const { tasks, inputs, startupId } = snapshot;
  const taken = { machines, tasks, inputs, startupId, snapshotId, established: true };
  await context.tools.records.save({ ...record, ...taken });
}

/** Forgets the snapshot: all is made anew from the manifest. */
async function beginCold(context: StartContext): Promise<void> {
  const record = recordOf(context);
  const machines = record.machines.map((machine) => ({
    ...machine,
    drives: machine.drives.map(() => noDrive),
    machineId: null,
    resumes: false,
  }));
  const anew = { machines, tasks: {}, inputs: {}, startupId: null, snapshotId: null, established: false };
  await context.tools.records.save({ ...record, ...anew });
}
