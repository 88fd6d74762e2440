// What `ip` is asked to do, as pure data. The only file that knows its grammar.
import type { PlaygroundNetwork } from './playground-network.ts';

const edgeDevice = 'edge0';

/** Lines for `ip -batch` in the host’s namespace: the veth pair with the host’s address. The netns must exist. */
export function hostBatch(network: PlaygroundNetwork): string {
  return lines([
    `link add ${network.name} type veth peer name ${edgeDevice} netns ${network.name}`,
    `link set ${network.name} alias ${network.owner}`,
    `address add ${network.edge.host}/${network.edge.prefixLength} dev ${network.name}`,
    `link set ${network.name} up`,
  ]);
}

/** Lines for `ip -batch` inside the netns: addresses, bridges and taps. (`ip -n` would want to remount things first.) */
export function innerBatch(network: PlaygroundNetwork): string {
  return lines([
    'link set lo up',
    `address add ${network.edge.inner}/${network.edge.prefixLength} dev ${edgeDevice}`,
    ...network.translations.map(({ edge }) => `address add ${edge}/32 dev ${edgeDevice}`),
    `link set ${edgeDevice} up`,
    `route add default via ${network.edge.host}`,
    ...network.bridges.flatMap((bridge) => [
      `link add ${bridge.device} type bridge stp_state 0 forward_delay 0`,
      `address add ${bridge.gateway}/${bridge.prefixLength} dev ${bridge.device}`,
      `link set ${bridge.device} up`,
    ]),
    ...network.taps.flatMap((tap) => [
      `tuntap add dev ${tap.device} mode tap vnet_hdr`,
      `link set ${tap.device} master ${tap.bridge} up`,
    ]),
  ]);
}

/** The namespace paths and names that `ip -json netns list` prints. */
export function parseNetnsList(stdout: string): readonly string[] {
  if (stdout.trim() === '') return [];
  return (JSON.parse(stdout) as { name: string }[]).map((entry) => entry.name);
}

/** Names and aliases out of `ip -json link show`, which leaves an empty object for each link that a `type` left out. */
export function parseLinks(
  stdout: string,
): readonly { readonly name: string; readonly alias: string | null }[] {
  if (stdout.trim() === '') return [];
  const links = JSON.parse(stdout) as { ifname?: string; ifalias?: string }[];
  return links.flatMap(({ ifname, ifalias = null }) => (ifname ? [{ name: ifname, alias: ifalias }] : []));
}

/** All IPv4 addresses out of `ip -json -4 address show`. */
export function parseAddresses(stdout: string): readonly string[] {
  if (stdout.trim() === '') return [];
  const devices = JSON.parse(stdout) as { addr_info?: { local?: string }[] }[];
  return devices.flatMap((device) => (device.addr_info ?? []).flatMap(({ local }) => (local ? [local] : [])));
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
