// When the image of a service is looked for at its registry: `pull_policy:` as Docker Compose means it.
import { isRecord } from '../../manifest/noun.ts';
import { extendsOf } from '../bases/extends-of.ts';
import type { ComposeData } from '../render/read-rendered.ts';

/** `never`: also when it is to be built. A refresh is due when the image here is older than that, in milliseconds. */
export type PullPolicy = 'always' | 'missing' | 'never' | { readonly refreshMs: number };

const hourMs = 3_600_000;
const units = { w: 168 * hourMs, d: 24 * hourMs, h: hourMs, m: 60_000, s: 1000 } as const;

const refresh = /^(?:daily|weekly|refresh|every_.+)$/;

/** What a service says of refreshing its image: Debian’s Docker Compose refuses a file with it, so it is carried out here alone. */
export function isRefreshing({ pull_policy: policy }: ComposeData): boolean {
  return typeof policy === 'string' && refresh.test(policy);
}

/** The same service as Docker Compose is to see it. */
export function withoutRefresh(service: ComposeData): ComposeData {
  const { pull_policy: policy, pull_refresh_after: _after, ...rest } = service;
  return policy === undefined || isRefreshing(service) ? rest : { ...rest, pull_policy: policy };
}

/**
 * The rendered file with the policies of refreshing that were kept from Docker Compose, also of what services extend within the
 * compiled file. What a service has of another file stays as Docker Compose rendered it.
 */
export function withRefresh(rendered: ComposeData, compiled: unknown): ComposeData {
  const written = isRecord(compiled) && isRecord(compiled['services']) ? compiled['services'] : {};
  return mapServices(rendered, (service, name) => {
    const own = saying(name, written, new Set());
    if (own === null || !isRefreshing(own)) return service;
    const { pull_policy, pull_refresh_after } = own;
    return { ...service, pull_policy, ...(pull_refresh_after === undefined ? {} : { pull_refresh_after }) };
  });
}

/** The file with each service changed. */
export function mapServices(
  file: ComposeData,
  change: (service: ComposeData, name: string) => ComposeData,
): ComposeData {
  const { services } = file;
  if (!isRecord(services)) return file;
  const changed = Object.entries(services).map(
    ([name, service]) => [name, isRecord(service) ? change(service, name) : service] as const,
  );
  return { ...file, services: Object.fromEntries(changed) };
}

/** The service whose policy it has: itself, or the one that it extends. */
function saying(name: string, written: ComposeData, seen: Set<string>): ComposeData | null {
  const service = written[name];
  if (!isRecord(service) || seen.has(name)) return null;
  if (service['pull_policy'] !== undefined) return service;
  const base = extendsOf(service);
  return base === null || base.file !== null ? null : saying(base.service, written, seen.add(name));
}

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
