// The fence between machines and the host, as text for `nft`: one table per installation. It stands whatever happens inside a
// playground’s netns, and no manifest has a say in it.
import { closedRanges } from '@playhouse/contract/manifest/closed-ranges';
import { elements } from './inner-rules.ts';

export interface HostFence {
  /** Name of the table. */
  readonly table: string;
  /** Common beginning of all veth names. */
  readonly devices: string;
  readonly edgeRange: string;
  /** Name servers of the machines; they may be in closed ranges or the host itself. Only port 53 is opened. */
  readonly nameservers: readonly string[];
  /** Parts of the closed ranges that the operator opens, in CIDR form. */
  readonly reachableRanges: readonly string[];
}

/**
 * Machines reach the outside through NAT, but neither the host itself nor another playground nor a closed range; and nobody
 * but the host calls a machine. Replaces an earlier table, also one of the family `ip`, in one transaction.
 */
export function hostRules({ table, devices, edgeRange, nameservers, reachableRanges }: HostFence): string {
  const machines = `"${devices}*"`;
  return `${removeHostRules(table)}table inet ${table} {
  set nameservers { type ipv4_addr; ${elements(nameservers)}}
  set reachable { type ipv4_addr; flags interval; auto-merge; ${elements(reachableRanges)}}
  set closed { type ipv4_addr; flags interval; auto-merge; ${elements([...closedRanges, edgeRange])}}
  chain input {
    type filter hook input priority filter; policy accept;
    iifname ${machines} jump to_host
  }
  chain to_host {
    ct state established,related accept
    ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
    drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname ${machines} jump to_outside
    oifname ${machines} ct state established,related accept
    oifname ${machines} drop
  }
  chain to_outside {
    meta nfproto ipv6 drop
    oifname ${machines} drop
    ct state established,related accept
    ip saddr != ${edgeRange} drop
    ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
    ip daddr @reachable accept
    ip daddr @closed drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${edgeRange} oifname != ${machines} masquerade
  }
}
`;
}

/** Removes the table, silently when there is none. */
export function removeHostRules(table: string): string {
  return ['ip', 'inet']
    .map((family) => `table ${family} ${table} {}\ndelete table ${family} ${table}\n`)
    .join('');
}
