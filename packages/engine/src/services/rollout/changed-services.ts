import { isDeepStrictEqual } from 'node:util';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';

/** What a final Compose file says of its services. */
export type FinalServices = Readonly<Record<string, ComposeData>>;

/** Names of the services that the next file has otherwise than the one that runs, dependencies first. */
export function changedServices(running: FinalServices, next: FinalServices): readonly string[] {
  return inOrder(next).filter((name) => !isDeepStrictEqual(running[name], next[name]));
}

/** Docker Compose has refused circles; names that are met again are just not taken twice. */
function inOrder(services: FinalServices): readonly string[] {
  const taken = new Set<string>();
  const met = new Set<string>();
  const take = (name: string) => {
    if (met.has(name) || services[name] === undefined) return;
    met.add(name);
    for (const dependency of Object.keys((services[name]['depends_on'] as object | undefined) ?? {}))
      take(dependency);
    taken.add(name);
  };
  for (const name of Object.keys(services)) take(name);
  return [...taken];
}

/** How many containers a service has. */
export function replicasOf(service: ComposeData): number {
  const { deploy, scale } = service as { readonly deploy?: { readonly replicas?: number }; scale?: number };
  return deploy?.replicas ?? scale ?? 1;
}
