import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from './read-rendered.ts';
import { nameOfPart } from './name-of-part.ts';
import type { RenderOptions } from './render-options.ts';

/** Key of the network that the ingress reaches, in the final file. */
export const ingressKey = 'playhouse-ingress';

/** The networks of the final file, each the playground's own, and the one that the ingress reaches if there is one. */
export function renderNetworks(networks: ComposeData, options: RenderOptions): ComposeData {
  const { ingressNetwork, owner, plan } = options;
  const own = Object.entries(networks).map(([key, written]) => {
    const network = isRecord(written) ? written : {};
    if (isExternal(network)) return [key, network] as const;
    const { labels, ...rest } = network;
    const name = nameOfPart(key, network, 'network-name', options);
    return [key, { ...rest, name, labels: { ...(isRecord(labels) ? labels : {}), ...owner } }] as const;
  });
  const routed = !plan.jobMode && plan.services.some(({ exposure }) => exposure !== null);
  const ingress =
    ingressNetwork === null || !routed ? {} : { [ingressKey]: { name: ingressNetwork, external: true } };
  return { ...Object.fromEntries(own), ...ingress };
}

/** Rendered files have `external: true` or nothing. */
export function isExternal({ external }: ComposeData): boolean {
  return external === true;
}
