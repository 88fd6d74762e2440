import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';
import { type PlannedTask, selectTasks } from './select-tasks.ts';

/**
 * Init tasks that wait for an input, their own or that of a task they need. Somebody gives one to a playground that runs, and
 * this one would run only after them.
 */
export function checkTaskInput(spec: PlaygroundSpec): ManifestIssue[] {
  const everything = Object.fromEntries(
    Object.entries(spec.initTasks ?? {}).map(([name, task]) => [name, { ...task, conditions: [] }]),
  );
  const tasks = new Map(selectTasks({ ...spec, initTasks: everything }, {}).map((task) => [task.name, task]));
  return [...tasks.values()].flatMap(({ name, kind }): ManifestIssue[] => {
    if (kind !== 'init') return [];
    const asking = firstAsking(tasks, name);
    if (asking === null) return [];
    const reason =
      asking === name ? 'it takes an input' : `\`${asking}\`, which it waits for, takes an input`;
    return [
      {
        code: 'manifest-init-input',
        path: ['playground', 'initTasks', name, 'init'],
        parameters: { task: name, reason },
      },
    ];
  });
}

/** The first task that takes an input among one and all that it waits for. */
function firstAsking(tasks: ReadonlyMap<string, PlannedTask>, name: string): string | null {
  const seen = new Set([name]);
  for (const each of seen) {
    const task = tasks.get(each);
    if (task?.takesInput) return each;
    for (const need of task?.waitsFor ?? []) seen.add(need);
  }
  return null;
}
