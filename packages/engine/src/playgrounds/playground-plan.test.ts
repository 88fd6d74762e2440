import { machineSchema } from '@playhouse/contract/machine';
import { expect, test } from 'vitest';
import { samplePlayground } from '../testing/sample-playground.ts';
import { describeMachines, planPlayground } from './playground-plan.ts';

const settings = { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' };
const record = samplePlayground();
const plan = planPlayground(record, settings);

test('the network of a playground', () => {
  expect(plan.network).toMatchObject({
    name: 'ph1a2b-42',
    owner: 'playhouse:ph1a2b-65f0c0ffee65f0c0ffee0042',
    edge: { host: '100.64.0.17', inner: '100.64.0.18', prefixLength: 28 },
    bridges: [
      {
        device: 'br0',
        mac: '02:70:68:ff:00:01',
        gateway: '172.16.0.1',
        subnet: '172.16.0.0/24',
        prefixLength: 24,
        private: false,
      },
      {
        device: 'br1',
        mac: '02:70:68:ff:00:02',
        gateway: '10.0.0.1',
        subnet: '10.0.0.0/16',
        prefixLength: 16,
        private: true,
      },
    ],
    taps: [
      { device: 'tap0-0', bridge: 'br0', mac: '02:70:68:00:01:01', address: '172.16.0.10' },
      { device: 'tap0-1', bridge: 'br1', mac: '02:70:68:00:01:02', address: '10.0.0.2' },
      { device: 'tap1-0', bridge: 'br1', mac: '02:70:68:00:02:01', address: '10.0.0.3' },
    ],
    entries: [
      { edge: '100.64.0.19', machine: '172.16.0.10' },
      { edge: '100.64.0.20', machine: '10.0.0.3' },
    ],
    // What is on the private network has no way out.
    exits: [{ edge: '100.64.0.19', machine: '172.16.0.10' }],
    egress: 'open',
    names: [
      { address: '172.16.0.10', names: ['web', 'web.local'] },
      { address: '10.0.0.2', names: ['web', 'web.storage'] },
      { address: '10.0.0.3', names: ['db', 'db.storage'] },
    ],
  });
});

test('machines with their drives, cards and host-side addresses', () => {
  const [web, db] = plan.machines;
  expect(web).toMatchObject({
    index: 0,
    source: 'debian-12',
    type: 'microvm',
    drives: [{ serial: 'root', device: '/dev/vda', sizeBytes: 20 * 1024 ** 3 }],
    edgeAddress: '100.64.0.19',
  });
  expect(web?.interfaces.map(({ device, address, tap }) => [device, address, tap])).toEqual([
    ['eth0', '172.16.0.10', 'tap0-0'],
    ['eth1', '10.0.0.2', 'tap0-1'],
  ]);
  expect(db).toMatchObject({ index: 1, source: 'debian-12', edgeAddress: '100.64.0.20' });
  expect(db?.drives.map(({ serial, device, filesystem }) => [serial, device, filesystem])).toEqual([
    ['drive0', '/dev/vda', 'xfs'],
    ['root', '/dev/vdb', 'ext4'],
    ['drive2', '/dev/vdc', 'ext4'],
  ]);
});

test('the same record always gives the same plan', () => {
  expect(planPlayground(samplePlayground(), settings)).toEqual(plan);
});

test('names of host devices fit into 15 characters', () => {
  for (const { device } of [...plan.network.bridges, ...plan.network.taps])
    expect(device.length).toBeLessThan(16);
  expect(plan.network.name.length).toBeLessThan(16);
});

test('machines as API and page show them', () => {
  const machines = describeMachines(record, plan);
  for (const machine of machines) expect(machineSchema.parse(machine)).toEqual(machine);
  expect(machines[0]).toMatchObject({
    name: 'web',
    state: 'pending',
    source: 'debian-12',
    kernel: '6.1',
    cpuCount: 2,
    ramBytes: 1024 ** 3,
    address: '172.16.0.10',
    interfaces: [
      { device: 'eth0', network: 'local', address: '172.16.0.10', mac: '02:70:68:00:01:01' },
      { device: 'eth1', network: 'storage', address: '10.0.0.2', mac: '02:70:68:00:01:02' },
    ],
    edgeAddress: '100.64.0.19',
    users: ['laborant', 'guest'],
    defaultUser: 'laborant',
    machineType: 'microvm',
  });
  expect(machines[1]?.drives[0]).toEqual({
    device: '/dev/vda',
    sizeBytes: 2 * 1024 ** 3,
    source: null,
    filesystem: 'xfs',
    mount: '/srv/data',
    readOnly: false,
  });
});
