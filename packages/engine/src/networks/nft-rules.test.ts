import { expect, test } from 'vitest';
import { sampleNetwork } from '../testing/sample-network.ts';
import { hostRules, translationRules } from './nft-rules.ts';

test('the rules inside a playground’s netns', () => {
  expect(translationRules(sampleNetwork)).toMatchInlineSnapshot(`
    "table ip playhouse {
      map machine_of_edge { type ipv4_addr : ipv4_addr; elements = { 100.64.0.3 : 172.16.0.2, 100.64.0.4 : 172.16.0.3 } }
      map edge_of_machine { type ipv4_addr : ipv4_addr; elements = { 172.16.0.2 : 100.64.0.3, 172.16.0.3 : 100.64.0.4 } }
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        iifname "edge0" dnat to ip daddr map @machine_of_edge
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        oifname "edge0" snat to ip saddr map @edge_of_machine
      }
    }
    "
  `);
});

test('the rules of the host', () => {
  expect(hostRules('playhouse_ph1a2b', 'ph1a2b-', '100.64.0.0/10')).toMatchInlineSnapshot(`
    "table ip playhouse_ph1a2b {}
    delete table ip playhouse_ph1a2b
    table ip playhouse_ph1a2b {
      chain input {
        type filter hook input priority filter; policy accept;
        iifname "ph1a2b-*" ct state established,related accept
        iifname "ph1a2b-*" drop
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        iifname "ph1a2b-*" oifname "ph1a2b-*" drop
        iifname "ph1a2b-*" ip daddr 169.254.0.0/16 drop
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 100.64.0.0/10 oifname != "ph1a2b-*" masquerade
      }
    }
    "
  `);
});
