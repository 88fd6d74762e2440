import { deepFreeze } from './deep-readonly.ts';
import type { Manifest, PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';

type Machine = NonNullable<PlaygroundSpec['machines']>[number];

/** The base on which machines can be added and renamed freely. */
export const freeBase = 'flexbox';

/**
 * Lays a manifest over its base, for `start NAME -f` and `create --base`.
 *
 * - What the manifest does not mention comes from the base; an empty list counts as not mentioned, because clients send
 *   empty lists for what the user left out.
 * - A list or block that it mentions (networks, tabs, categories, initTasks, initConditions, accessControl …) replaces that
 *   of the base as a whole.
 * - On the base `flexbox`, and on one without machines, its machines replace those of the base. On every other base each
 *   machine takes kernel, backend, resources and startup files that it leaves out from the base’s machine of that name, and
 *   the base’s other machines are left out (checkAgainstBase refuses names that the base does not have).
 * - Tabs, init tasks and port forwards that come from the base go when their machine is left out.
 */
export function mergeManifest(base: Manifest, partial: Manifest): Manifest {
  const { playground: baseSpec, ...baseTop } = base;
  const { playground: spec, categories, ...top } = partial;
  const baseName = base.name ?? partial.base;
  const merged: Manifest = {
    ...baseTop,
    ...top,
    ...(categories === undefined || categories.length === 0 ? {} : { categories }),
    ...(baseName === undefined ? {} : { base: baseName }),
    playground: { ...inherited(base, baseSpec, spec), ...mentioned(spec), ...machinesOf(base, spec) },
  };
  return deepFreeze(merged);
}

/** Machines that a base with fixed machines does not have. */
export function checkAgainstBase(base: Manifest, partial: Manifest): ManifestIssue[] {
  if (isFree(base)) return [];
  const known = (base.playground.machines ?? []).map(({ name }) => name);
  return (partial.playground.machines ?? []).flatMap(({ name }, index): ManifestIssue[] => {
    if (known.includes(name)) return [];
    const parameters = { base: base.name ?? 'base', name, known: known.join(', ') };
    return [
      { code: 'manifest-machine-not-in-base', path: ['playground', 'machines', index, 'name'], parameters },
    ];
  });
}

function isFree(base: Manifest): boolean {
  return base.name === freeBase || (base.playground.machines ?? []).length === 0;
}

function mentioned(spec: PlaygroundSpec): PlaygroundSpec {
  const entries = Object.entries(spec).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries);
}

function machinesOf(base: Manifest, { machines = [] }: PlaygroundSpec): PlaygroundSpec {
  if (machines.length === 0 || isFree(base)) return {};
  const known = base.playground.machines ?? [];
  return {
    machines: machines.map((machine) =>
      over(
        known.find(({ name }) => name === machine.name),
        machine,
      ),
    ),
  };
}

function over(base: Machine | undefined, machine: Machine): Machine {
  if (base === undefined) return machine;
  const resources = { ...base.resources, ...machine.resources };
  return { ...base, ...machine, ...(Object.keys(resources).length === 0 ? {} : { resources }) };
}

function inherited(base: Manifest, baseSpec: PlaygroundSpec, spec: PlaygroundSpec): PlaygroundSpec {
  const { machines = [] } = spec;
  if (machines.length === 0) return baseSpec;
  const first = base.playground.machines?.[0]?.name;
  const stays = ({ machine = first }: { readonly machine?: string | undefined }) =>
    machine === undefined || machines.some(({ name }) => name === machine);
  const { tabs, initTasks, portForwards, ...rest } = baseSpec;
  return {
    ...rest,
    ...(tabs === undefined ? {} : { tabs: tabs.filter((tab) => tab.kind === 'web-page' || stays(tab)) }),
    ...(portForwards === undefined ? {} : { portForwards: portForwards.filter(stays) }),
    ...(initTasks === undefined ? {} : { initTasks: remaining(initTasks, stays) }),
  };
}

type Tasks = NonNullable<PlaygroundSpec['initTasks']>;

function remaining(tasks: Tasks, stays: (task: Tasks[string]) => boolean): Tasks {
  const kept = Object.entries(tasks).filter(([, task]) => stays(task));
  const names = new Set(kept.map(([name]) => name));
  return Object.fromEntries(
    kept.map(([name, task]) => [name, { ...task, needs: task.needs.filter((need) => names.has(need)) }]),
  );
}
