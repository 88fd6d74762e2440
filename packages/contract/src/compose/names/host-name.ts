import { dnsLabel } from './dns-label.ts';

export interface HostNameOptions {
  /** That of the plan: a DNS label or `@`. */
  readonly subdomain: string;
  /** The playground's. */
  readonly slug: string;
  /** The playroom's, as `playgrounds.example.org`. */
  readonly domain: string;
  /** True when whoever starts the playground chose the subdomain, which is then taken as it is. */
  readonly chosen?: boolean;
}

/**
 * The host name of an exposed service: `{subdomain}-{slug}.{domain}`, `{subdomain}.{domain}` when the subdomain was chosen for
 * this playground, and the domain itself for `@`. One label before the domain, so that one wildcard certificate fits all.
 */
export function hostNameOf({ subdomain, slug, domain, chosen = false }: HostNameOptions): string {
  if (subdomain === '@') return domain;
  return `${dnsLabel(chosen ? subdomain : `${subdomain}-${slug}`)}.${domain}`;
}
