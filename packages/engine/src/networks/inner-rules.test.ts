import { expect, test } from 'vitest';
import { sampleNetwork } from '../testing/sample-network.ts';
import { innerRules } from './inner-rules.ts';

const nameservers = ['192.0.2.53'];

test('what is translated and let through', () => {
  expect(innerRules(sampleNetwork, nameservers)).toMatchInlineSnapshot(`
    "table inet playhouse {
      map machine_of_edge { type ipv4_addr : ipv4_addr; elements = { 100.64.0.3 : 172.16.0.2, 100.64.0.4 : 172.16.0.3 } }
      map edge_of_machine { type ipv4_addr : ipv4_addr; elements = { 172.16.0.2 : 100.64.0.3, 172.16.0.3 : 100.64.0.4 } }
      set nameservers { type ipv4_addr; elements = { 192.0.2.53 } }
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
        iifname . ip daddr { "br0" . 172.16.0.1, "br1" . 10.0.0.1 } icmp type echo-request accept
        iifname . ip daddr { "br0" . 172.16.0.1, "br1" . 10.0.0.1 } meta l4proto { tcp, udp } th dport 53 accept
      }
      chain egress {
        accept
      }
      chain forward {
        type filter hook forward priority filter; policy drop;
        # Where br_netfilter is loaded, frames between ports of one bridge come by here too.
        iifname . oifname { "br0" . "br0", "br1" . "br1" } accept
        ct state established,related accept
        iifname "edge0" ct status dnat accept
        iifname { "br0" } oifname "edge0" jump egress
      }
      chain output {
        type filter hook output priority filter; policy drop;
        oifname "lo" accept
        ct state established,related accept
        oifname "edge0" ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
      }
    }
    "
  `);
});

test('where all networks are private nothing goes out', () => {
  const bridges = sampleNetwork.bridges.map((bridge) => ({ ...bridge, private: true }));
  const rules = innerRules({ ...sampleNetwork, bridges, exits: [] }, []);
  expect(rules).not.toContain('jump egress');
  expect(rules).toContain('map edge_of_machine { type ipv4_addr : ipv4_addr; }');
});
