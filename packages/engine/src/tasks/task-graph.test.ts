import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import { taskKinds, taskStatuses } from '@playhouse/contract/task';
import { assert, constantFrom, array, boolean, nat, property, record, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import {
  afterRun,
  begun,
  blocked,
  initDone,
  renewed,
  type RunOutcome,
  runnable,
  stateOf,
  type TaskStates,
} from './task-graph.ts';

const nothing: ReadonlySet<string> = new Set();
const at = '2026-01-01T00:00:00.000Z';
const rank = (states: TaskStates, name: string) => taskStatuses.indexOf(stateOf(states, name).status);

/** Tasks whose needs point backwards: no cycles, whatever is drawn. */
const graphs = array(tuple(constantFrom(...taskKinds), array(nat(19), { maxLength: 4 })), {
  maxLength: 20,
}).map((drawn) =>
  drawn.map(([kind, needs], index) => {
    const names = [...new Set(needs.filter((need) => need < index).map((need) => `t${need}`))];
    return {
      name: `t${index}`,
      kind,
      machine: 'vm',
      needs: names,
      waitsFor: names,
      definition: {},
    } as unknown as PlannedTask;
  }),
);

const outcomes = constantFrom<RunOutcome>(
  { kind: 'ended', exitCode: 0, timedOut: false },
  { kind: 'ended', exitCode: 0, timedOut: false },
  { kind: 'ended', exitCode: 1, timedOut: false },
  { kind: 'ended', exitCode: null, timedOut: true },
  { kind: 'condemned' },
  { kind: 'refused' },
  { kind: 'interrupted' },
);

test('each task runs after what it waits for, no status goes back, and it all comes to an end', () => {
  const moves = array(record({ pick: nat(), outcome: outcomes, crash: boolean() }), { maxLength: 200 });
  assert(
    property(graphs, moves, (tasks, drawn) => {
      let states: TaskStates = {};
      const change = (name: string, next: TaskStates[string]): void => {
        const before = rank(states, name);
        states = { ...states, [name]: next };
        expect(rank(states, name)).toBeGreaterThanOrEqual(before);
      };
      for (const { pick, outcome, crash } of drawn) {
        const ready = runnable(tasks, states, nothing);
        const task = ready[pick % Math.max(ready.length, 1)];
        for (const { name } of tasks.filter((each) => !ready.includes(each)))
          change(name, blocked(stateOf(states, name)));
        if (!task) break;
        for (const need of task.waitsFor) expect(stateOf(states, need).status).toBe('completed');
        change(task.name, begun(stateOf(states, task.name), at));
        // An engine that dies here runs the task again.
        expect(runnable(tasks, states, nothing)).toContain(task);
        if (crash) continue;
        change(task.name, afterRun(task, stateOf(states, task.name), outcome, at));
      }
      // From wherever that led, tasks that succeed bring it to an end.
      states = renewed(states);
      for (let round = 0; round <= tasks.length; round++) {
        for (const task of runnable(tasks, states, nothing)) {
          change(
            task.name,
            afterRun(
              task,
              begun(stateOf(states, task.name), at),
              { kind: 'ended', exitCode: 0, timedOut: false },
              at,
            ),
          );
        }
      }
      expect(tasks.every(({ name }) => stateOf(states, name).status === 'completed')).toBe(true);
      expect(initDone(tasks, states)).toBe(true);
      expect(runnable(tasks, states, nothing).every(({ kind }) => kind === 'helper')).toBe(true);
    }),
  );
});

test('a run that fails ends an init task, and only counts for a regular one', () => {
  const state = begun(stateOf({}, 'x'), at);
  const outcome = { kind: 'ended', exitCode: 3, timedOut: false } as const;
  expect(afterRun({ kind: 'init' }, state, outcome, at)).toMatchObject({
    status: 'failed',
    exitCode: 3,
    endedAt: at,
  });
  expect(afterRun({ kind: 'regular' }, state, outcome, at)).toMatchObject({
    status: 'running',
    exitCode: 3,
    endedAt: null,
  });
});

test('an init task that takes its machine away each time fails in the end', () => {
  let state = begun(stateOf({}, 'x'), at);
  for (let count = 0; count < 4; count++)
    state = afterRun({ kind: 'init' }, state, { kind: 'interrupted' }, at);
  expect(state.status).toBe('running');
  expect(afterRun({ kind: 'init' }, state, { kind: 'interrupted' }, at).status).toBe('failed');
});

test('a failed task begins a new attempt, a completed one keeps what it has', () => {
  const failed = afterRun({ kind: 'init' }, begun(stateOf({}, 'x'), at), { kind: 'condemned' }, at);
  const done = afterRun(
    { kind: 'init' },
    begun(stateOf({}, 'x'), at),
    { kind: 'ended', exitCode: 0, timedOut: false },
    at,
  );
  expect(renewed({ failed, done })).toMatchObject({ failed: { status: 'created', attempt: 2 }, done });
});

test('a task that takes an input is not run before it was given one', () => {
  const [task] = [
    { name: 'ask', kind: 'regular', waitsFor: [], takesInput: true },
  ] as unknown as PlannedTask[];
  if (task === undefined) throw new Error('there is a task');
  expect(runnable([task], {}, nothing)).toEqual([]);
  expect(runnable([task], {}, new Set(['ask']))).toEqual([task]);
});
