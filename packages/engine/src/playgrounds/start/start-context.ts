import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { RunningMachine } from '../../machines/machine-driver.ts';
import type { TaskSupervisor } from '../../tasks/task-supervisor.ts';
import { type PlannedMachine, planPlayground, type PlaygroundPlan } from '../playground-plan.ts';
import type { MachineRecord, PlaygroundRecord } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

/** What the steps of a start share. The record is read afresh each time: steps change it. */
export interface StartContext {
  readonly tools: PlayroomTools;
  readonly id: string;
  /** Names of the machines it is about; all when absent. */
  readonly only?: ReadonlySet<string>;
  /** Its init tasks. */
  readonly tasks: TaskSupervisor;
  /** Settles for each machine that was booted by this engine when its sshd answers or it never will. */
  readonly answering: Map<string, Promise<void>>;
  /** Called after a machine’s state changed. */
  readonly changed: () => void;
  /** Takes a running machine under the engine’s eyes. */
  readonly watch: (machine: string, running: RunningMachine) => void;
  /** The machine under the engine’s eyes, if it runs. */
  readonly running: (machine: string) => RunningMachine | undefined;
  /** Settles when a watched machine ends by itself. */
  readonly ended: (machine: string) => Promise<unknown>;
  /** From now on the machine’s end is nobody’s surprise; until then it is looked after: its disk may be full as it shuts down. */
  readonly expectEnd: (machine: string) => void;
  /** Lets go of the machine, whatever becomes of it. */
  readonly unwatch: (machine: string) => void;
}

export function recordOf({ tools, id }: Pick<StartContext, 'tools' | 'id'>): PlaygroundRecord {
  const record = tools.records.get(id);
  if (!record) throw new PlayhouseError('playground-unknown', { reference: id });
  return record;
}

export function planOf(context: Pick<StartContext, 'tools' | 'id'>): PlaygroundPlan {
  return planPlayground(recordOf(context), context.tools.settings);
}

/** A copy is opened by those who start it, and by nobody who could open what it is a copy of: the keys of these. */
export function withdrawnKeys(context: Pick<StartContext, 'tools' | 'id'>): readonly string[] {
  const { order, snapshotId } = recordOf(context);
  const before = context.tools.snapshots.find(snapshotId ?? '')?.order.authorizedKeys ?? [];
  return before.filter((key) => !order.authorizedKeys.includes(key));
}

/** A machine’s plan and record side by side. */
export function machinesOf(
  context: Pick<StartContext, 'tools' | 'id' | 'only'>,
): readonly { readonly machine: PlannedMachine; readonly record: MachineRecord }[] {
  const { machines } = recordOf(context);
  return planOf(context).machines.flatMap((machine, index) => {
    const record = machines[index];
    const wanted = context.only?.has(machine.manifest.name) ?? true;
    return record && wanted ? [{ machine, record }] : [];
  });
}
