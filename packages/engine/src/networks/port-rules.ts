// The fence at each machine’s port of a bridge, as text for `nft`. A machine speaks with its own hardware address or not at
// all, and never as somebody else of its network or as the gateway. Packets with addresses of other networks pass between
// ports: that is what a machine that routes sends. What enters the netns itself must come from the machine’s own address.
import type { Bridge, PlaygroundNetwork, Tap } from './playground-network.ts';

/** Table `bridge playhouse` of a playground’s netns. Only IPv4 and its ARP pass; no IPv6, no tags, no bridge protocols. */
export function portRules({ bridges, taps }: PlaygroundNetwork): string {
  const subnets = new Map(bridges.map(({ device, subnet }) => [device, subnet]));
  const own = taps.map(({ device, address }) => `"${device}" . ${address}`).join(', ');
  const ports = taps.map(({ device }) => `"${device}" : jump ${device}`).join(', ');
  return `table bridge playhouse {
${taps.map((tap) => portChain(tap, subnets.get(tap.bridge) ?? '')).join('')}  chain prerouting {
    type filter hook prerouting priority -300; policy drop;
    iifname vmap { ${ports} }
  }
  chain input {
    type filter hook input priority 0; policy drop;
    ether type arp accept
    iifname . ip saddr { ${own} } accept
  }
}
`;
}

/** An address of nobody (0.0.0.0) may ask by ARP whether an address is taken, and by DHCP for one. */
function portChain({ device, mac, address }: Tap, subnet: Bridge['subnet']): string {
  return `  chain ${device} {
    ether saddr != ${mac} drop
    arp operation request arp saddr ether ${mac} arp saddr ip { 0.0.0.0, ${address} } accept
    arp operation reply arp saddr ether ${mac} arp saddr ip ${address} accept
    ip saddr ${subnet} ip saddr != ${address} drop
    ether type ip accept
  }
`;
}
