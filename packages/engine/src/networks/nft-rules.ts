// What nftables is told, as pure text for `nft -f`. The only file that knows its grammar.
import type { PlaygroundNetwork } from './playground-network.ts';

/** Rules inside a playground’s netns: each machine’s host-side address is translated 1:1, both ways. */
export function translationRules(network: PlaygroundNetwork): string {
  const toMachine = network.translations.map(({ edge, machine }) => `${edge} : ${machine}`).join(', ');
  const toEdge = network.translations.map(({ edge, machine }) => `${machine} : ${edge}`).join(', ');
  return `table ip playhouse {
  map machine_of_edge { type ipv4_addr : ipv4_addr; elements = { ${toMachine} } }
  map edge_of_machine { type ipv4_addr : ipv4_addr; elements = { ${toEdge} } }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "edge0" dnat to ip daddr map @machine_of_edge
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "edge0" snat to ip saddr map @edge_of_machine
  }
}
`;
}

/**
 * Rules of the host, one table per installation: machines reach the outside through NAT, but neither the host itself nor
 * another playground. \`devices\` is the common beginning of all veth names. Replaces an earlier table in one transaction.
 */
export function hostRules(table: string, devices: string, edgeRange: string): string {
  return `table ip ${table} {}
delete table ip ${table}
table ip ${table} {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${devices}*" ct state established,related accept
    iifname "${devices}*" drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${devices}*" oifname "${devices}*" drop
    iifname "${devices}*" ip daddr 169.254.0.0/16 drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${edgeRange} oifname != "${devices}*" masquerade
  }
}
`;
}
