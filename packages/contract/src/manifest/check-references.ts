import { advise } from './closest.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestErrorCode, ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { repeats } from './repeats.ts';

type Tab = NonNullable<PlaygroundSpec['tabs']>[number];
type PortForward = NonNullable<PlaygroundSpec['portForwards']>[number];

/** Rules of tabs and port forwards: complete, told apart, and about machines that there are. */
export function checkReferences(spec: PlaygroundSpec, part: boolean): ManifestIssue[] {
  const { tabs = [], portForwards = [] } = spec;
  const top = ['playground', 'tabs'] as const;
  return [
    ...repeats(tabs, ({ id }) => id).map(({ item, index }) => ({
      code: 'manifest-duplicate-tab' as const,
      path: [...top, index, 'id'],
      parameters: { id: item.id ?? '' },
    })),
    ...tabs.flatMap((tab, index) => checkTab(tab, [...top, index])),
    ...portForwards.flatMap((forward, index) => checkForward(forward, ['playground', 'portForwards', index])),
    ...(part && spec.machines === undefined ? [] : checkMachineNames(spec)),
  ];
}

const tabNeeds = {
  'http-port': ['name', 'number'],
  'web-page': ['name', 'url'],
  terminal: [],
  ide: [],
  kexp: [],
} as const;

function checkTab(tab: Tab, path: ManifestPath): ManifestIssue[] {
  const { kind } = tab;
  return incomplete(
    'manifest-tab-incomplete',
    kind,
    tabNeeds[kind].filter((field) => tab[field] === undefined),
    path,
  );
}

const forwardNeeds = { local: ['remotePort'], remote: ['remotePort', 'localPort'] } as const;

function checkForward(forward: PortForward, path: ManifestPath): ManifestIssue[] {
  const { kind } = forward;
  const absent = forwardNeeds[kind].filter((field) => forward[field] === undefined);
  return incomplete('manifest-forward-incomplete', kind, absent, path);
}

function incomplete(
  code: ManifestErrorCode,
  kind: string,
  fields: readonly string[],
  path: ManifestPath,
): ManifestIssue[] {
  return fields.map((field) => ({ code, path: [...path, field], parameters: { kind, field } }));
}

function checkMachineNames({
  machines = [],
  tabs = [],
  initTasks = {},
  portForwards = [],
}: PlaygroundSpec): ManifestIssue[] {
  const known = machines.map(({ name }) => name);
  const uses = [
    ...tabs.map(({ machine }, index) => ({ machine, path: ['playground', 'tabs', index, 'machine'] })),
    ...Object.entries(initTasks).map(([task, { machine }]) => ({
      machine,
      path: ['playground', 'initTasks', task, 'machine'],
    })),
    ...portForwards.map(({ machine }, index) => ({
      machine,
      path: ['playground', 'portForwards', index, 'machine'],
    })),
  ];
  return uses.flatMap(({ machine, path }) => {
    if (machine === undefined || known.includes(machine)) return [];
    const parameters = { name: machine, advice: advise(machine, known, 'machines') };
    return [{ code: 'manifest-unknown-machine', path, parameters }];
  });
}
