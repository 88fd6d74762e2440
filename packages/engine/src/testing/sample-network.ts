import type { PlaygroundNetwork } from '../networks/playground-network.ts';

/** Two machines on one network, one of them on a private one as well. */
export const sampleNetwork: PlaygroundNetwork = {
  name: 'ph1a2b-42',
  owner: 'playhouse:ph1a2b-65f0c0ffee65f0c0ffee0042',
  edge: { host: '100.64.0.1', inner: '100.64.0.2', prefixLength: 28 },
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
    { device: 'tap0-0', bridge: 'br0', mac: '02:70:68:00:01:01', address: '172.16.0.2' },
    { device: 'tap0-1', bridge: 'br1', mac: '02:70:68:00:01:02', address: '10.0.0.2' },
    { device: 'tap1-0', bridge: 'br0', mac: '02:70:68:00:02:01', address: '172.16.0.3' },
  ],
  entries: [
    { edge: '100.64.0.3', machine: '172.16.0.2' },
    { edge: '100.64.0.4', machine: '172.16.0.3' },
  ],
  exits: [
    { edge: '100.64.0.3', machine: '172.16.0.2' },
    { edge: '100.64.0.4', machine: '172.16.0.3' },
  ],
  egress: 'open',
  names: [
    { address: '172.16.0.2', names: ['web', 'web.local'] },
    { address: '10.0.0.2', names: ['web', 'web.storage'] },
    { address: '172.16.0.3', names: ['db', 'db.local'] },
  ],
};
