import { expect, test } from 'vitest';
import { selectTasks } from './select-tasks.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

const conditions = 'initConditions: { values: [{ key: k, options: [x, y], nullable: true }] }';
const select = (tasks: string, chosen: Record<string, string> = {}) =>
  selectTasks(
    parsed(manifestText([machineText('a'), machineText('b')], [conditions, `initTasks: { ${tasks} }`]))
      .playground,
    chosen,
  ).map(({ name, kind, machine, needs, waitsFor }) => ({ name, kind, machine, needs, waitsFor }));

test('a task runs on the first machine unless it says where', () => {
  expect(select('t: { run: x, init: true }, u: { run: x, machine: b, helper: true }')).toEqual([
    { name: 't', kind: 'init', machine: 'a', needs: [], waitsFor: [] },
    { name: 'u', kind: 'helper', machine: 'b', needs: [], waitsFor: [] },
  ]);
});

test('a regular task waits for the init tasks of its machine, and for what it needs', () => {
  const tasks = select(
    'i: { run: x, init: true }, j: { run: x, init: true, machine: b }, r: { run: x, needs: [j] }, s: { run: x, machine: b }',
  );
  expect(tasks.map(({ waitsFor }) => waitsFor)).toEqual([[], [], ['j', 'i'], ['j']]);
});

test('tasks whose conditions do not hold do not exist, and nobody waits for them', () => {
  const tasks =
    't: { run: a, conditions: [{ key: k, value: x }] }, u: { run: b, needs: [t] }, v: { run: c, conditions: [{ key: k, value: "" }] }';
  expect(select(tasks, { k: 'x' }).map(({ name, needs }) => [name, needs])).toEqual([
    ['t', []],
    ['u', ['t']],
  ]);
  expect(select(tasks, { k: 'y' }).map(({ name, needs }) => [name, needs])).toEqual([['u', []]]);
  expect(select(tasks).map(({ name }) => name)).toEqual(['u', 'v']);
});

test('`init` is the stronger word', () => {
  expect(select('t: { run: x, init: true, helper: true }')).toMatchObject([{ kind: 'init' }]);
});
