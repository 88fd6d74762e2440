import type { Playground } from '@playhouse/contract/playground';
import { renderFields } from './table.ts';

interface Kind {
  readonly machines: string[];
  readonly renewed: string;
  readonly shared: string;
  /** Of those that know how far off it is, in ms. */
  readonly skews: number[];
}

/**
 * What the machines of forks have of their own, and what they still share, once for all that are alike; nothing when none has
 * reported it.
 */
export function identityWords(forks: readonly Pick<Playground, 'name' | 'machines'>[]): string {
  const kinds = new Map<string, Kind>();
  for (const { name, machines } of forks)
    for (const machine of machines) {
      // An engine of the version before does not say.
      if (!machine.identity) continue;
      const { renewed, shared, clockSkewMs } = machine.identity;
      const texts = { renewed: renewed.join(', ') || '-', shared: shared.join(', ') || '-' };
      const key = JSON.stringify(texts);
      const kind = kinds.get(key) ?? { ...texts, machines: [], skews: [] };
      kinds.set(key, kind);
      kind.machines.push(`${name} ${machine.name}`);
      if (clockSkewMs !== null) kind.skews.push(Math.abs(clockSkewMs));
    }
  return [...kinds.values()].map((kind) => words(kind, kinds.size > 1)).join('\n');
}

function words({ machines, renewed, shared, skews }: Kind, named: boolean): string {
  return renderFields([
    ...(named ? ([['Machines', machines.join(', ')]] as const) : []),
    ['Of their own', renewed],
    ['Still shared', shared],
    ...(skews.length === 0 ? [] : ([['Clock off by', `${Math.max(...skews).toFixed(1)} ms`]] as const)),
  ]);
}
