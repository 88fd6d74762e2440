// What `ip` is asked to do, as pure data. The only file that knows its grammar.
import type { PlaygroundNetwork } from './playground-network.ts';

const edgeDevice = 'edge0';

/** Lines for `ip -batch` in the host’s namespace: the netns, and the veth pair with the host’s address. */
export function hostBatch(network: PlaygroundNetwork): string {
  return lines([
    `netns add ${network.name}`,
    `link add ${network.name} type veth peer name ${edgeDevice} netns ${network.name}`,
    `link set ${network.name} alias ${network.owner}`,
    // No IPv6 address of its own: machines must find nothing there.
    `link set ${network.name} addrgenmode none`,
    `address add ${network.edge.host}/${network.edge.prefixLength} dev ${network.name}`,
    `link set ${network.name} up`,
  ]);
}

/** Lines for `ip -batch` inside the netns: addresses, bridges and taps. (`ip -n` would want to remount things first.) */
export function innerBatch(network: PlaygroundNetwork): string {
  return lines([
    'link set lo up',
    `address add ${network.edge.inner}/${network.edge.prefixLength} dev ${edgeDevice}`,
    ...network.entries.map(({ edge }) => `address add ${edge}/32 dev ${edgeDevice}`),
    `link set ${edgeDevice} up`,
    `route add default via ${network.edge.host}`,
    ...network.bridges.flatMap((bridge) => [
      `link add ${bridge.device} address ${bridge.mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `address add ${bridge.gateway}/${bridge.prefixLength} dev ${bridge.device}`,
      `link set ${bridge.device} up`,
    ]),
    ...network.taps.flatMap((tap) => [
      `tuntap add dev ${tap.device} mode tap vnet_hdr`,
      `link set ${tap.device} master ${tap.bridge} up`,
    ]),
  ]);
}

/**
 * Words for `sysctl` inside a new netns, before an interface of it is up: it forwards, has no IPv6, answers ARP only for the address of
 * the bridge that is asked, and keeps bridged frames out of its IP rules (unknown where br_netfilter is not loaded).
 */
export const innerSettings: readonly string[] = [
  ...['sysctl', '-e', '-q', '-w', 'net.ipv4.ip_forward=1'],
  ...['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'],
  ...[
    'net.ipv4.conf.all.arp_ignore=1',
    'net.ipv4.conf.all.send_redirects=0',
    'net.ipv4.conf.default.send_redirects=0',
  ],
  ...['net.bridge.bridge-nf-call-iptables=0', 'net.bridge.bridge-nf-call-arptables=0'],
];

/** The words to put before a program so that it runs in a playground’s network. */
export function enterNetns(name: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${name}`, '--'];
}

/** Names and aliases out of `ip -json link show`, which leaves an empty object for each link that a `type` left out. */
export function parseLinks(
  stdout: string,
): readonly { readonly name: string; readonly alias: string | null }[] {
  if (stdout.trim() === '') return [];
  const links = JSON.parse(stdout) as { ifname?: string; ifalias?: string }[];
  return links.flatMap(({ ifname, ifalias = null }) => (ifname ? [{ name: ifname, alias: ifalias }] : []));
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
