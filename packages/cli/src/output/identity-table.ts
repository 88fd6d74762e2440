import type { Playground } from '@playhouse/contract/playground';
import { renderTable } from './table.ts';

/** What the machines of forks have of their own, and what they still share; nothing when none has reported it. */
export function identityTable(forks: readonly Pick<Playground, 'name' | 'machines'>[]): string {
  const rows = forks.flatMap(({ name, machines }) =>
    machines.flatMap((machine) => {
      // An engine of the version before does not say.
      if (!machine.identity) return [];
      const { renewed, shared, clockSkewMs } = machine.identity;
      const skew = clockSkewMs === null ? '-' : `${clockSkewMs.toFixed(1)} ms`;
      return [[name, machine.name, renewed.join(', ') || '-', shared.join(', ') || '-', skew]];
    }),
  );
  return rows.length === 0 ? '' : renderTable(['fork', 'machine', 'renewed', 'shared', 'clock off by'], rows);
}
