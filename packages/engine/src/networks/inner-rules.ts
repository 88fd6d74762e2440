// What is translated and let through inside a playground’s netns, as text for `nft`.
import { egressRules } from './egress-rules.ts';
import type { PlaygroundNetwork, Translation } from './playground-network.ts';

/**
 * Table `inet playhouse` of a playground’s netns. Machines are called at their host-side addresses, always in the name of
 * their gateway, so that the answer comes back whatever routes a machine has, or none. They go out only from networks that
 * are not private and as far as the egress policy lets them. Nothing is routed between networks.
 */
export function innerRules(network: PlaygroundNetwork, nameservers: readonly string[]): string {
  const { bridges, entries, exits } = network;
  const gateways = bridges.map(({ device, gateway }) => `"${device}" . ${gateway}`).join(', ');
  const same = bridges.map(({ device }) => `"${device}" . "${device}"`).join(', ');
  const open = bridges.filter((bridge) => !bridge.private).map(({ device }) => `"${device}"`);
  const egress = egressRules(network.egress);
  return `table inet playhouse {
${egress.sets}  map machine_of_edge { type ipv4_addr : ipv4_addr; ${elements(entries.map(inward))}}
  map edge_of_machine { type ipv4_addr : ipv4_addr; ${elements(exits.map(outward))}}
  set nameservers { type ipv4_addr; ${elements(nameservers)}}
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "edge0" dnat ip to ip daddr map @machine_of_edge
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "br*" ct status dnat masquerade
    oifname "edge0" snat ip to ip saddr map @edge_of_machine
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    iifname . ip daddr { ${gateways} } icmp type echo-request accept
    iifname . ip daddr { ${gateways} } meta l4proto { tcp, udp } th dport 53 accept
  }
  chain egress {
${egress.rules.map((rule) => `    ${rule}\n`).join('')}  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    # Where br_netfilter is loaded, frames between ports of one bridge come by here too.
    iifname . oifname { ${same} } accept
    ct state established,related accept
    iifname "edge0" ct status dnat accept
${open.length > 0 ? `    iifname { ${open.join(', ')} } oifname "edge0" jump egress\n` : ''}  }
  chain output {
    type filter hook output priority filter; policy drop;
    oifname "lo" accept
    ct state established,related accept
    oifname "edge0" ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
  }
}
`;
}

function inward({ edge, machine }: Translation): string {
  return `${edge} : ${machine}`;
}

function outward({ edge, machine }: Translation): string {
  return `${machine} : ${edge}`;
}

/** nft takes no empty list. */
export function elements(items: readonly string[]): string {
  return items.length === 0 ? '' : `elements = { ${items.join(', ')} } `;
}
