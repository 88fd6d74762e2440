import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from './read-rendered.ts';
import { nameOfPart } from './name-of-part.ts';
import type { RenderOptions } from './render-options.ts';

/** Key of the network that the ingress reaches, in the final file. */
export const ingressKey = 'playhouse-ingress';

/** The networks of the final file, each the playground's own, and the one that the ingress reaches if there is one. */
export function renderNetworks(networks: ComposeData, options: RenderOptions): ComposeData {
  const { ingressNetwork, owner, plan } = options;
  const chosen = new Map(Object.entries(options.subnets ?? {}));
  const own = Object.entries(networks).map(([key, written]) => {
    const network = isRecord(written) ? written : {};
    if (isExternal(network)) return [key, network] as const;
    const { labels, ...rest } = network;
    const name = nameOfPart(key, network, 'network-name', options);
    const subnet = needsSubnet(network) ? chosen.get(key) : undefined;
    const ipam = subnet === undefined ? {} : { ipam: { config: [{ subnet }] } };
    const owned = { ...(isRecord(labels) ? labels : {}), ...owner };
    return [key, { ...rest, ...ipam, name, labels: owned }] as const;
  });
  const routed = !plan.jobMode && plan.services.some(({ exposure }) => exposure !== null);
  const ingress =
    ingressNetwork === null || !routed ? {} : { [ingressKey]: { name: ingressNetwork, external: true } };
  return { ...Object.fromEntries(own), ...ingress };
}

/** True for a network of the playground whose IPv4 addresses Docker would choose, from pools that may be used up. */
export function needsSubnet(network: ComposeData): boolean {
  const { driver, ipam, enable_ipv4: ipv4 } = network;
  const asked = isRecord(ipam) ? ipam : {};
  const isPlain = Object.entries(asked).every(
    ([key, value]) =>
      (key === 'driver' && value === 'default') ||
      value === null ||
      (typeof value === 'object' && Object.keys(value).length === 0),
  );
  return !isExternal(network) && isPlain && ipv4 !== false && (driver ?? 'bridge') === 'bridge';
}

/** Rendered files have `external: true` or nothing. */
export function isExternal({ external }: ComposeData): boolean {
  return external === true;
}
