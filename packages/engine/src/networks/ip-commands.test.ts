import { expect, test } from 'vitest';
import { sampleNetwork } from '../testing/sample-network.ts';
import { hostBatch, innerBatch, parseLinks } from './ip-commands.ts';

test('what `ip` is asked to do on the host', () => {
  expect(hostBatch(sampleNetwork)).toMatchInlineSnapshot(`
    "netns add ph1a2b-42
    link add ph1a2b-42 type veth peer name edge0 netns ph1a2b-42
    link set ph1a2b-42 alias playhouse:ph1a2b-65f0c0ffee65f0c0ffee0042
    link set ph1a2b-42 addrgenmode none
    address add 100.64.0.1/28 dev ph1a2b-42
    link set ph1a2b-42 up
    "
  `);
});

test('what `ip` is asked to do inside the netns', () => {
  expect(innerBatch(sampleNetwork)).toMatchInlineSnapshot(`
    "link set lo up
    address add 100.64.0.2/28 dev edge0
    address add 100.64.0.3/32 dev edge0
    address add 100.64.0.4/32 dev edge0
    link set edge0 up
    route add default via 100.64.0.1
    link add br0 address 02:70:68:ff:00:01 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    address add 172.16.0.1/24 dev br0
    link set br0 up
    link add br1 address 02:70:68:ff:00:02 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    address add 10.0.0.1/16 dev br1
    link set br1 up
    tuntap add dev tap0-0 mode tap vnet_hdr
    link set tap0-0 master br0 up
    tuntap add dev tap0-1 mode tap vnet_hdr
    link set tap0-1 master br1 up
    tuntap add dev tap1-0 mode tap vnet_hdr
    link set tap1-0 master br0 up
    "
  `);
});

test('reads what `ip -json` prints, which is nothing at all when there is nothing', () => {
  expect(parseLinks('\n')).toEqual([]);
  expect(parseLinks('[{"ifname":"veth0","ifalias":"mine"},{"ifname":"veth1"}]')).toEqual([
    { name: 'veth0', alias: 'mine' },
    { name: 'veth1', alias: null },
  ]);
});

test('links that were filtered out, which `ip` shows as empty objects, are no links', () => {
  expect(parseLinks('[{},{},{"ifname":"ph1a2b-1","ifalias":"mine"}]')).toEqual([
    { name: 'ph1a2b-1', alias: 'mine' },
  ]);
});
