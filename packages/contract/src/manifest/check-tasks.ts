import { checkTaskInput } from './check-task-input.ts';
import { checkTemplates } from './check-templates.ts';
import { conditionFault } from './choose-conditions.ts';
import { advise } from './closest.ts';
import type { InitConditions } from './init-conditions.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';
import { repeats } from './repeats.ts';
import { selectTasks } from './select-tasks.ts';

type Tasks = NonNullable<PlaygroundSpec['initTasks']>;
type Condition = InitConditions['values'][number];

/** Rules of init tasks and of the choices that they depend on. */
export function checkTasks(spec: PlaygroundSpec, part: boolean): ManifestIssue[] {
  const { initTasks = {}, initConditions } = spec;
  const choices = initConditions?.values ?? [];
  // The conditions of a part may be those of its base.
  const known = part && initConditions === undefined ? null : choices;
  return [
    ...unknownNeeds(initTasks),
    ...cycles(spec),
    ...(known === null ? [] : impossibleConditions(initTasks, known)),
    ...checkTaskInput(spec),
    ...checkTemplates(spec, known?.map(({ key }) => key) ?? null),
    ...checkChoices(choices),
  ];
}

function checkChoices(choices: readonly Condition[]): ManifestIssue[] {
  const values = ['playground', 'initConditions', 'values'] as const;
  return [
    ...repeats(choices, ({ key }) => key).map(({ item, index }) => ({
      code: 'manifest-duplicate-condition' as const,
      path: [...values, index, 'key'],
      parameters: { key: item.key },
    })),
    ...choices.flatMap((choice, index): ManifestIssue[] => {
      const { key, default: value, options = [], validationRegex = '' } = choice;
      if (value === undefined || (value === '' && choice.nullable)) return [];
      if (conditionFault(choice, value) === null) return [];
      const parameters = { key, value, accepted: options.join(', ') || validationRegex };
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

/** Conditions that can never hold: their key, or for that key their value, does not exist. */
function impossibleConditions(tasks: Tasks, choices: readonly Condition[]): ManifestIssue[] {
  return Object.entries(tasks).flatMap(([name, { conditions }]) =>
    conditions.flatMap(({ key, value }, index): ManifestIssue[] => {
      const path = ['playground', 'initTasks', name, 'conditions', index];
      const choice = choices.find((each) => each.key === key);
      if (choice === undefined) {
        const advice = advise(
          key,
          choices.map((each) => each.key),
          'init conditions',
        );
        return [{ code: 'manifest-unknown-condition', path: [...path, 'key'], parameters: { key, advice } }];
      }
      const { options = [], nullable } = choice;
      if (options.length === 0 || options.includes(value) || (value === '' && nullable)) return [];
      const parameters = { key, value, options: options.join(', ') };
      return [{ code: 'manifest-condition-value', path: [...path, 'value'], parameters }];
    }),
  );
}

/**
 * One issue per cycle: the walk marks tasks as done, so that each cycle is met once. It follows what tasks really wait for:
 * a regular task waits for the init tasks of its machine without saying so.
 */
function cycles(spec: PlaygroundSpec): ManifestIssue[] {
  const tasks = spec.initTasks ?? {};
  const everything = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, { ...task, conditions: [] }]),
  );
  const waits = new Map(
    selectTasks({ ...spec, initTasks: everything }, {}).map((task) => [task.name, task.waitsFor]),
  );
  const done = new Set<string>();
  const issues: ManifestIssue[] = [];
  const walk = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name);
    if (at >= 0) {
      const ring = [...trail.slice(at), name];
      const cycle = ring.join(' → ');
      const says = ring.find((each, index) => tasks[each]?.needs.includes(ring[index + 1] ?? ''));
      issues.push({
        code: 'manifest-task-cycle',
        path: ['playground', 'initTasks', says ?? name, 'needs'],
        parameters: { cycle },
      });
      return;
    }
    if (done.has(name)) return;
    for (const need of waits.get(name) ?? []) walk(need, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(tasks)) walk(name, []);
  return issues;
}
