import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignAddresses } from './assign-addresses.ts';
import { checkManifest } from './check-manifest.ts';
import { isUsable, parseIpv4, parseSubnet } from './ipv4.ts';
import type { Manifest } from './manifest.ts';
import { anyManifest } from './testing/any-manifest.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

test('the gateway takes the first free address and machines the next ones', () => {
  const plan = assignAddresses(parsed(manifestText([machineText('a'), machineText('b')])).playground);
  expect(plan.networks).toEqual([
    { name: 'local', subnet: '172.16.0.0/24', prefix: 24, gateway: '172.16.0.1', private: false },
  ]);
  expect(plan.machines[1]).toEqual({
    name: 'b',
    interfaces: [
      {
        device: 'eth0',
        network: 'local',
        address: '172.16.0.3',
        prefix: 24,
        gateway: '172.16.0.1',
        defaultRoute: true,
        mac: '02:70:68:00:02:01',
      },
    ],
  });
});

test('written addresses are kept, and others go around them', () => {
  const machines = [
    machineText('a'),
    machineText('b', [], '[{ network: local, address: 172.16.0.1/24 }]'),
    machineText('c', [], '[{ network: local, address: 172.16.0.3 }]'),
  ];
  const plan = assignAddresses(parsed(manifestText(machines)).playground);
  expect(plan.networks[0]?.gateway).toBe('172.16.0.2');
  expect(plan.machines.map(({ interfaces }) => interfaces[0]?.address)).toEqual([
    '172.16.0.4',
    '172.16.0.1',
    '172.16.0.3',
  ]);
});

test('the default route goes through the first network that is not private', () => {
  const networks = [
    'networks: [{ name: p, subnet: 10.0.0.0/24, private: true }, { name: q, subnet: 10.1.0.0/24 }, { name: r, subnet: 10.2.0.0/24 }]',
  ];
  const text = manifestText(
    [machineText('a', [], '[{ network: p }, { network: q }, { network: r }]')],
    networks,
  );
  const [machine] = assignAddresses(parsed(text).playground).machines;
  expect(machine?.interfaces.map(({ defaultRoute }) => defaultRoute)).toEqual([false, true, false]);
  expect(machine?.interfaces.map(({ gateway }) => gateway)).toEqual([undefined, '10.1.0.1', '10.2.0.1']);
});

test('addresses are usable, in their subnet, and nobody else’s; MAC addresses are local and unique', () => {
  fc.assert(
    fc.property(anyManifest, (manifest: Manifest) => {
      fc.pre(checkManifest(manifest).length === 0);
      const plan = assignAddresses(manifest.playground);
      const cards = plan.machines.flatMap(({ interfaces }) => interfaces);
      const subnets = new Map(plan.networks.map(({ name, subnet }) => [name, parseSubnet(subnet)]));
      const hosts = [
        ...cards.map(({ network, address }) => ({ network, address })),
        ...plan.networks.map(({ name, gateway }) => ({ network: name, address: gateway })),
      ];
      for (const { network, address } of hosts) {
        const subnet = subnets.get(network);
        expect(subnet !== undefined && isUsable(subnet, parseIpv4(address) ?? 0)).toBe(true);
      }
      expect(new Set(hosts.map(({ network, address }) => `${network} ${address}`)).size).toBe(hosts.length);
      expect(new Set(cards.map(({ mac }) => mac)).size).toBe(cards.length);
      for (const { mac } of cards) expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      expect(assignAddresses(manifest.playground)).toEqual(plan);
    }),
  );
});
