// The life of init tasks as pure data: which may run now, and what a run makes of one. Within one attempt a status never
// goes back; a failed task begins a new attempt when the start is tried again.
import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import { hasSettled, taskStatuses } from '@playhouse/contract/task';
import { z } from 'zod';

export const taskStateSchema = z.object({
  status: z.enum(taskStatuses),
  attempt: z.int(),
  exitCode: z.int().nullable(),
  timedOut: z.boolean(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Runs of this attempt that were cut short because the machine or its agent went away. */
  interruptions: z.int(),
});

export type TaskState = z.infer<typeof taskStateSchema>;
/** By name; a task that is not there is as it was created. */
export type TaskStates = Readonly<Record<string, TaskState>>;

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly timedOut: boolean }
  /** `failcheck` said that the task cannot succeed any more. */
  | { readonly kind: 'condemned' }
  /** The command could not be started, for a reason that will not go away. */
  | { readonly kind: 'refused' }
  /** The machine or its agent went away: nobody knows how far it came. */
  | { readonly kind: 'interrupted' };

/** An init task that takes its machine away each time it runs would do so for ever. */
const mostInterruptions = 5;

const created: TaskState = {
  status: 'created',
  attempt: 1,
  exitCode: null,
  timedOut: false,
  startedAt: null,
  endedAt: null,
  interruptions: 0,
};

export function stateOf(states: TaskStates, name: string): TaskState {
  return (Object.hasOwn(states, name) ? states[name] : undefined) ?? created;
}

/**
 * Tasks that ought to be running: what they wait for has succeeded, they were given the input that they take, and more runs are
 * of use.
 */
export function runnable(
  tasks: readonly PlannedTask[],
  states: TaskStates,
  given: ReadonlySet<string>,
): readonly PlannedTask[] {
  return tasks.filter(({ name, kind, waitsFor, takesInput }) => {
    if (takesInput && !given.has(name)) return false;
    const { status } = stateOf(states, name);
    const wanted = kind === 'helper' ? status !== 'failed' : !hasSettled(status);
    return wanted && waitsFor.every((need) => stateOf(states, need).status === 'completed');
  });
}

/** True when no init task is left to run. */
export function initDone(tasks: readonly PlannedTask[], states: TaskStates): boolean {
  return tasks.every(({ kind, name }) => kind !== 'init' || stateOf(states, name).status === 'completed');
}

/** Whoever waits for another is `blocked`. */
export function blocked(state: TaskState): TaskState {
  return raise(state, { status: 'blocked' });
}

export function begun(state: TaskState, at: string): TaskState {
  return raise({ ...state, startedAt: state.startedAt ?? at }, { status: 'running' });
}

/** What a run makes of its task. */
export function afterRun(
  { kind }: Pick<PlannedTask, 'kind'>,
  state: TaskState,
  outcome: RunOutcome,
  at: string,
): TaskState {
  if (outcome.kind === 'interrupted') {
    const interruptions = state.interruptions + 1;
    const counted = { ...state, interruptions };
    return kind === 'init' && interruptions >= mostInterruptions ? failed(counted, at) : counted;
  }
  if (outcome.kind === 'condemned') return failed(state, at);
  if (outcome.kind === 'refused') return kind === 'init' ? failed(state, at) : state;
  const { exitCode, timedOut } = outcome;
  const ended = { ...state, exitCode, timedOut };
  if (exitCode === 0) return raise(ended, { status: 'completed', endedAt: state.endedAt ?? at });
  return kind === 'init' ? failed(ended, at) : ended;
}

/** Failed tasks begin a new attempt. */
export function renewed(states: TaskStates): TaskStates {
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) =>
      state.status === 'failed' ? [name, { ...created, attempt: state.attempt + 1 }] : [name, state],
    ),
  );
}

function failed(state: TaskState, at: string): TaskState {
  return raise(state, { status: 'failed', endedAt: at });
}

/** The change, unless its status is one that the task is beyond. */
function raise(state: TaskState, change: Pick<TaskState, 'status'> & Partial<TaskState>): TaskState {
  const beyond = taskStatuses.indexOf(state.status) > taskStatuses.indexOf(change.status);
  return beyond ? state : { ...state, ...change };
}
