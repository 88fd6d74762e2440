// When the image of a service is looked for at its registry: `pull_policy:` as Docker Compose means it.
import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from '../render/read-rendered.ts';

/** `never`: also when it is to be built. A refresh is due when the image here is older than that, in milliseconds. */
export type PullPolicy = 'always' | 'missing' | 'never' | { readonly refreshMs: number };

const hourMs = 3_600_000;
const units = { w: 168 * hourMs, d: 24 * hourMs, h: hourMs, m: 60_000, s: 1000 } as const;

/** Docker Compose passes on what begins like this, and knows nothing of it. */
const aside = 'x-playgrounds-';
const refresh = /^(?:daily|weekly|refresh|every_.+)$/;

/**
 * The same file for a Docker Compose that is older than policies of refreshing, which are ours to carry out: they are set aside in
 * fields that come back when it is rendered.
 */
export function refreshSetAside(compiled: unknown): unknown {
  if (!isRecord(compiled) || !isRecord(compiled['services'])) return compiled;
  const services = Object.entries(compiled['services']).map(([name, service]) => {
    if (!isRecord(service) || !refresh.test(String(service['pull_policy']))) return [name, service];
    const { pull_policy: policy, pull_refresh_after: after, ...rest } = service;
    const kept = { [`${aside}pull_policy`]: policy, [`${aside}pull_refresh_after`]: after ?? '' };
    return [name, { ...rest, ...kept }];
  });
  return { ...compiled, services: Object.fromEntries(services) as unknown };
}

/** That of a rendered service. What Docker Compose would refuse counts as absent. */
export function pullPolicyOf(service: ComposeData): PullPolicy {
  const [written, after] = ['pull_policy', 'pull_refresh_after'].map(
    (field) => service[`${aside}${field}`] ?? service[field],
  );
  if (written === 'always' || written === 'never') return written;
  if (written === 'build') return 'never';
  if (written === 'daily') return { refreshMs: units.d };
  if (written === 'weekly') return { refreshMs: units.w };
  const every = written === 'refresh' ? after : /^every_(.+)$/.exec(String(written))?.[1];
  const refreshMs = durationMs(String(every));
  return refreshMs === null ? 'missing' : { refreshMs };
}

/** As in `1w2d` or `12h`. */
function durationMs(text: string): number | null {
  if (!/^(?:\d+[wdhms])+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+)([wdhms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
}
