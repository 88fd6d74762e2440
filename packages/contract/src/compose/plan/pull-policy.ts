// When the image of a service is looked for at its registry: `pull_policy:` as Docker Compose means it.
import type { ComposeData } from '../render/read-rendered.ts';

/** `never`: also when it is to be built. A refresh is due when the image here is older than that, in milliseconds. */
export type PullPolicy = 'always' | 'missing' | 'never' | { readonly refreshMs: number };

const hourMs = 3_600_000;
const units = { w: 168 * hourMs, d: 24 * hourMs, h: hourMs, m: 60_000, s: 1000 } as const;

/** That of a rendered service. What Docker Compose would refuse counts as absent. */
export function pullPolicyOf(service: ComposeData): PullPolicy {
  const { pull_policy: written, pull_refresh_after: after } = service;
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
