import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Cost } from '@playhouse/contract/snapshot';
import type { ControlPlane } from '../control-plane.ts';

export interface Costs {
  /** By the playground’s id. */
  readonly playgrounds: Readonly<Record<string, Cost>>;
  /** By `name@version`. */
  readonly playspecs: Readonly<Record<string, Cost>>;
}

/** What things cost on the playroom’s disk; null when it does not say, for a list is worth more than its last column. */
export async function askCosts({ engine }: Pick<ControlPlane, 'engine'>): Promise<Costs | null> {
  try {
    const { playgrounds, playspecs } = await engine.ask({ kind: 'cost.list' });
    return { playgrounds, playspecs };
  } catch (error) {
    if (error instanceof PlayhouseError) return null;
    throw error;
  }
}

/** Those of the things named only. */
export function costsOf(
  costs: Readonly<Record<string, Cost>> | undefined,
  names: readonly string[],
): Record<string, Cost> | null {
  if (costs === undefined) return null;
  return Object.fromEntries(
    names.flatMap((name) => {
      const cost = costs[name];
      return cost === undefined ? [] : [[name, cost]];
    }),
  );
}
