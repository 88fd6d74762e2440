import type { PlaygroundOrder } from '@playhouse/contract/link/command';

/** Nobody else’s: those of playgrounds begin with 1. The copy is called `pg-0-drill`, wherever it is seen. */
export const drillNumber = 0;

/**
 * The order of a copy that is only to show that it boots: nobody can log in, it reaches nothing outside, and does none of what the
 * playground that it is a copy of would do by itself.
 */
export function copyOrder(origin: PlaygroundOrder, id: string): PlaygroundOrder {
  const { initTasks: _tasks, initConditions: _conditions, ...playground } = origin.manifest.playground;
  return {
    id,
    number: drillNumber,
    slug: 'drill',
    manifest: { ...origin.manifest, playground: { ...playground, egress: 'none' } },
    conditions: {},
    authorizedKeys: [],
    from: null,
  };
}
