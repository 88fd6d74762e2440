import { expect, test } from 'vitest';
import { hostRules } from './host-rules.ts';

const fence = {
  table: 'playhouse_ph1a2b',
  devices: 'ph1a2b-',
  edgeRange: '100.64.0.0/10',
  nameservers: ['10.0.0.53'],
  reachableRanges: [],
};

test('the fence between machines and the host', () => {
  expect(hostRules(fence)).toMatchInlineSnapshot(`
    "table ip playhouse_ph1a2b {}
    delete table ip playhouse_ph1a2b
    table inet playhouse_ph1a2b {}
    delete table inet playhouse_ph1a2b
    table inet playhouse_ph1a2b {
      set nameservers { type ipv4_addr; elements = { 10.0.0.53 } }
      set reachable { type ipv4_addr; flags interval; auto-merge; }
      set closed { type ipv4_addr; flags interval; auto-merge; elements = { 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3, 168.63.129.16/32, 100.64.0.0/10 } }
      chain input {
        type filter hook input priority filter; policy accept;
        iifname "ph1a2b-*" jump to_host
      }
      chain to_host {
        ct state established,related accept
        ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
        drop
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        iifname "ph1a2b-*" jump to_outside
        oifname "ph1a2b-*" ct state established,related accept
        oifname "ph1a2b-*" drop
      }
      chain to_outside {
        meta nfproto ipv6 drop
        oifname "ph1a2b-*" drop
        ct state established,related accept
        ip saddr != 100.64.0.0/10 drop
        ip daddr @nameservers meta l4proto { tcp, udp } th dport 53 accept
        ip daddr @reachable accept
        ip daddr @closed drop
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 100.64.0.0/10 oifname != "ph1a2b-*" masquerade
      }
    }
    "
  `);
});

test('only the operator opens a closed range', () => {
  expect(hostRules({ ...fence, reachableRanges: ['10.1.2.0/24', '10.1.3.0/24'] })).toContain(
    'set reachable { type ipv4_addr; flags interval; auto-merge; elements = { 10.1.2.0/24, 10.1.3.0/24 } }',
  );
});
