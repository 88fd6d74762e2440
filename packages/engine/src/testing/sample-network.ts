import type { PlaygroundNetwork } from '../networks/playground-network.ts';

/** Two machines on one network, one of them on a second. */
export const sampleNetwork: PlaygroundNetwork = {
  name: 'ph1a2b-42',
  owner: 'playhouse:ph1a2b-65f0c0ffee65f0c0ffee0042',
  edge: { host: '100.64.0.1', inner: '100.64.0.2', prefixLength: 28 },
  bridges: [
    { device: 'br0', gateway: '172.16.0.1', prefixLength: 24 },
    { device: 'br1', gateway: '10.0.0.1', prefixLength: 16 },
  ],
  taps: [
    { device: 'tap0-0', bridge: 'br0' },
    { device: 'tap0-1', bridge: 'br1' },
    { device: 'tap1-0', bridge: 'br0' },
  ],
  translations: [
    { edge: '100.64.0.3', machine: '172.16.0.2' },
    { edge: '100.64.0.4', machine: '172.16.0.3' },
  ],
};
