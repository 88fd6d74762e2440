import { networksOf } from './assign-addresses.ts';
import { defaultKernel } from './kernel-reference.ts';
import type { Manifest, PlaygroundSpec } from './manifest.ts';
import { defaultResources } from './resources.ts';

type Machine = NonNullable<PlaygroundSpec['machines']>[number];
type Tab = NonNullable<PlaygroundSpec['tabs']>[number];

/** A machine with nothing left open. RAM in bytes. */
export type ResolvedMachine = Machine & {
  readonly kernel: NonNullable<Machine['kernel']>;
  readonly resources: { readonly cpuCount: number; readonly ramSize: number };
  readonly startupFiles: NonNullable<Machine['startupFiles']>;
  /** Name of the user that is logged in when none is asked for. */
  readonly defaultUser: string;
};

export interface ResolvedPlayground {
  readonly networks: NonNullable<PlaygroundSpec['networks']>;
  readonly machines: readonly ResolvedMachine[];
  /** Each with id, and machine unless it shows a web page. */
  readonly tabs: readonly (Tab & { readonly id: string })[];
}

/** Fills in every default of a checked manifest, for whoever runs it. */
export function resolveManifest(manifest: Manifest): ResolvedPlayground {
  const { machines = [], tabs = [] } = manifest.playground;
  return {
    networks: networksOf(manifest.playground),
    machines: machines.map(resolveMachine),
    tabs: withIds(tabs.length > 0 ? tabs : defaultTabs(machines), machines[0]?.name),
  };
}

/** The user that is logged in when none is asked for: the one marked as default, else the first. */
export function defaultUserOf({ users }: Machine): string {
  return (users.find((user) => user.default === true) ?? users[0])?.name ?? 'root';
}

function resolveMachine(machine: Machine): ResolvedMachine {
  const { cpuCount = defaultResources.cpuCount, ramSize = defaultResources.ramSize } =
    machine.resources ?? {};
  return {
    ...machine,
    kernel: machine.kernel ?? { source: defaultKernel },
    resources: { cpuCount, ramSize },
    startupFiles: machine.startupFiles ?? [],
    defaultUser: defaultUserOf(machine),
  };
}

function defaultTabs(machines: readonly Machine[]): Tab[] {
  return machines.filter(({ noSSH }) => !noSSH).map(({ name }) => ({ kind: 'terminal', machine: name }));
}

function withIds(tabs: readonly Tab[], firstMachine: string | undefined): (Tab & { id: string })[] {
  const used = new Set(tabs.flatMap(({ id }) => id ?? []));
  return tabs.map((tab) => {
    const machine = tab.machine ?? (tab.kind === 'web-page' ? undefined : firstMachine);
    const stem = machine === undefined ? tab.kind : `${tab.kind}-${machine}`;
    let id = tab.id ?? stem;
    for (let count = 2; tab.id === undefined && used.has(id); count += 1) id = `${stem}-${count}`;
    used.add(id);
    return { ...tab, id, ...(machine === undefined ? {} : { machine }) };
  });
}
