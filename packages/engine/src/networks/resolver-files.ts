// What dnsmasq is told, as pure text. It gives every machine, and every container in one, the names of the playground; other
// names it looks up only as far as the egress policy goes, and on private networks never.
import { isCidr } from '@playhouse/contract/manifest/egress';
import type { Bridge, PlaygroundNetwork } from './playground-network.ts';

/** A dnsmasq that serves some of the networks: those with a way out, or those without. */
export interface ResolverPlan {
  readonly bridges: readonly Bridge[];
  /** Text of its configuration file. */
  readonly configuration: string;
}

/** One or two resolvers: a query must not leave by way of a private network’s resolver. */
export function planResolvers(
  network: PlaygroundNetwork,
  nameservers: readonly string[],
  hostsFile: string,
): readonly ResolverPlan[] {
  const kinds = [
    {
      bridges: network.bridges.filter((bridge) => !bridge.private),
      upstream: upstreamOf(network, nameservers),
    },
    { bridges: network.bridges.filter((bridge) => bridge.private), upstream: [] },
  ];
  return kinds.flatMap(({ bridges, upstream }) => {
    if (bridges.length === 0) return [];
    const lines = [
      // All would share the one pid file of the host, and whoever comes second at the wrong moment ends.
      ...['user=dnsmasq', 'group=nogroup', 'keep-in-foreground', 'log-facility=/dev/null', 'pid-file'],
      ...['no-resolv', 'no-hosts', 'no-poll', 'bind-interfaces', 'localise-queries', 'bogus-priv'],
      ...bridges.map(({ gateway }) => `listen-address=${gateway}`),
      `addn-hosts=${hostsFile}`,
      // What is ours is never asked elsewhere, whatever kind of record it is about.
      ...ownNames(network).map((name) => `local=/${name}/`),
      ...upstream,
    ];
    return [{ bridges, configuration: `${lines.join('\n')}\n` }];
  });
}

/** The hosts file that dnsmasq serves: all addresses of a name; it answers with that of the asking network. */
export function resolverHosts({ names }: PlaygroundNetwork): string {
  return names.map((line) => `${line.address} ${line.names.join(' ')}\n`).join('');
}

function ownNames({ names }: PlaygroundNetwork): readonly string[] {
  return [...new Set(names.flatMap((line) => line.names))];
}

/** A listed name stands for itself and all below it. Only such are looked up then, so that queries carry nothing out. */
function upstreamOf({ egress }: PlaygroundNetwork, nameservers: readonly string[]): readonly string[] {
  if (egress === 'none') return [];
  if (egress === 'open') return nameservers.map((server) => `server=${server}`);
  const domains = egress.filter((destination) => !isCidr(destination));
  return [
    // Each answer must come by, to be let through the firewall.
    'cache-size=0',
    ...domains.flatMap((domain) => [
      ...nameservers.map((server) => `server=/${domain}/${server}`),
      `nftset=/${domain}/4#inet#playhouse#named`,
    ]),
  ];
}
