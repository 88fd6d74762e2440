import { expect, test } from 'vitest';
import { sampleNetwork } from '../testing/sample-network.ts';
import { portRules } from './port-rules.ts';

test('each port lets its machine speak as itself, and packets of other networks pass', () => {
  expect(portRules(sampleNetwork)).toMatchInlineSnapshot(`
    "table bridge playhouse {
      chain tap0-0 {
        ether saddr != 02:70:68:00:01:01 drop
        arp operation request arp saddr ether 02:70:68:00:01:01 arp saddr ip { 0.0.0.0, 172.16.0.2 } accept
        arp operation reply arp saddr ether 02:70:68:00:01:01 arp saddr ip 172.16.0.2 accept
        ip saddr 172.16.0.0/24 ip saddr != 172.16.0.2 drop
        ether type ip accept
      }
      chain tap0-1 {
        ether saddr != 02:70:68:00:01:02 drop
        arp operation request arp saddr ether 02:70:68:00:01:02 arp saddr ip { 0.0.0.0, 10.0.0.2 } accept
        arp operation reply arp saddr ether 02:70:68:00:01:02 arp saddr ip 10.0.0.2 accept
        ip saddr 10.0.0.0/16 ip saddr != 10.0.0.2 drop
        ether type ip accept
      }
      chain tap1-0 {
        ether saddr != 02:70:68:00:02:01 drop
        arp operation request arp saddr ether 02:70:68:00:02:01 arp saddr ip { 0.0.0.0, 172.16.0.3 } accept
        arp operation reply arp saddr ether 02:70:68:00:02:01 arp saddr ip 172.16.0.3 accept
        ip saddr 172.16.0.0/24 ip saddr != 172.16.0.3 drop
        ether type ip accept
      }
      chain prerouting {
        type filter hook prerouting priority -300; policy drop;
        iifname vmap { "tap0-0" : jump tap0-0, "tap0-1" : jump tap0-1, "tap1-0" : jump tap1-0 }
      }
      chain input {
        type filter hook input priority 0; policy drop;
        ether type arp accept
        iifname . ip saddr { "tap0-0" . 172.16.0.2, "tap0-1" . 10.0.0.2, "tap1-0" . 172.16.0.3 } accept
      }
    }
    "
  `);
});
