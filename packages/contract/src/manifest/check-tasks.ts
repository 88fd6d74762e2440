import { advise } from './closest.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';
import { repeats } from './repeats.ts';

type Tasks = NonNullable<PlaygroundSpec['initTasks']>;

/** Rules of init tasks and of the choices that they depend on. */
export function checkTasks(spec: PlaygroundSpec, part: boolean): ManifestIssue[] {
  const { initTasks = {}, initConditions } = spec;
  const choices = initConditions?.values ?? [];
  const values = ['playground', 'initConditions', 'values'] as const;
  return [
    ...unknownNeeds(initTasks),
    ...cycles(initTasks),
    ...(part && initConditions === undefined
      ? []
      : unknownConditions(
          initTasks,
          choices.map(({ key }) => key),
        )),
    ...repeats(choices, ({ key }) => key).map(({ item, index }) => ({
      code: 'manifest-duplicate-condition' as const,
      path: [...values, index, 'key'],
      parameters: { key: item.key },
    })),
    ...choices.flatMap(({ key, default: value, options }, index): ManifestIssue[] => {
      if (value === undefined || options === undefined || options.includes(value)) return [];
      const parameters = { key, value, options: options.join(', ') };
      return [{ code: 'manifest-condition-default', path: [...values, index, 'default'], parameters }];
    }),
  ];
}

function unknownNeeds(tasks: Tasks): ManifestIssue[] {
  return Object.entries(tasks).flatMap(([name, { needs }]) =>
    needs.flatMap((need, index): ManifestIssue[] => {
      if (Object.hasOwn(tasks, need)) return [];
      const parameters = { name: need, advice: advise(need, Object.keys(tasks), 'init tasks') };
      return [
        {
          code: 'manifest-unknown-task',
          path: ['playground', 'initTasks', name, 'needs', index],
          parameters,
        },
      ];
    }),
  );
}

function unknownConditions(tasks: Tasks, known: readonly string[]): ManifestIssue[] {
  return Object.entries(tasks).flatMap(([name, { conditions }]) =>
    conditions.flatMap(({ key }, index): ManifestIssue[] => {
      if (known.includes(key)) return [];
      const path = ['playground', 'initTasks', name, 'conditions', index, 'key'];
      return [
        {
          code: 'manifest-unknown-condition',
          path,
          parameters: { key, advice: advise(key, known, 'init conditions') },
        },
      ];
    }),
  );
}

/** One issue per cycle: the walk marks tasks as done, so that each cycle is met once. */
function cycles(tasks: Tasks): ManifestIssue[] {
  const done = new Set<string>();
  const issues: ManifestIssue[] = [];
  const walk = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name);
    if (at >= 0) {
      const cycle = [...trail.slice(at), name].join(' → ');
      issues.push({
        code: 'manifest-task-cycle',
        path: ['playground', 'initTasks', name, 'needs'],
        parameters: { cycle },
      });
      return;
    }
    if (done.has(name) || !Object.hasOwn(tasks, name)) return;
    for (const need of tasks[name]?.needs ?? []) walk(need, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(tasks)) walk(name, []);
  return issues;
}
