import type { TaskKind } from '../task.ts';
import type { ChosenConditions } from './choose-conditions.ts';
import type { InitTask } from './init-task.ts';
import type { PlaygroundSpec } from './manifest.ts';
import { takesInput } from './takes-input.ts';

/** A task that exists in a playground, with nothing left open. */
export interface PlannedTask {
  readonly name: string;
  readonly kind: TaskKind;
  readonly machine: string;
  /** Tasks it names itself, of those that exist. */
  readonly needs: readonly string[];
  /** All that must have succeeded before: those, and for a regular task every init task of its machine. */
  readonly waitsFor: readonly string[];
  /** It is not run before it was given an input. */
  readonly takesInput: boolean;
  readonly definition: InitTask;
}

/**
 * The tasks of a playground. Those whose conditions do not hold do not exist, and whoever needs one of them does not wait
 * for it. A condition with an empty value holds where the choice was left open.
 */
export function selectTasks(spec: PlaygroundSpec, chosen: ChosenConditions): readonly PlannedTask[] {
  const first = spec.machines?.[0]?.name ?? '';
  const existing = Object.entries(spec.initTasks ?? {}).filter(([, { conditions }]) =>
    conditions.every(({ key, value }) => (Object.hasOwn(chosen, key) ? chosen[key] : '') === value),
  );
  const names = new Set(existing.map(([name]) => name));
  return existing.map(([name, definition]) => {
    const needs = [...new Set(definition.needs)].filter((need) => names.has(need));
    const machine = definition.machine ?? first;
    const kind = kindOf(definition);
    const implied =
      kind === 'regular' ? initTasksOf(machine, existing, first).filter((other) => other !== name) : [];
    const waitsFor = [...new Set([...needs, ...implied])];
    return { name, kind, machine, needs, waitsFor, takesInput: takesInput(definition), definition };
  });
}

/** Which of the three kinds a task is; `init` is the stronger word. */
export function kindOf({ init, helper }: Pick<InitTask, 'init' | 'helper'>): TaskKind {
  if (init) return 'init';
  return helper ? 'helper' : 'regular';
}

function initTasksOf(
  machine: string,
  tasks: readonly (readonly [string, InitTask])[],
  first: string,
): readonly string[] {
  return tasks.filter(([, task]) => task.init && (task.machine ?? first) === machine).map(([name]) => name);
}
