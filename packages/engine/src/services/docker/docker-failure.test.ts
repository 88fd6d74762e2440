import { expect, test } from 'vitest';
import { hostFailure } from './docker-failure.ts';

const docker = { try: async () => ({ exitCode: 0, stdout: '/srv/docker\n', stderr: '' }) };

test.each([
  'failed programming external connectivity on endpoint pg-1-x-web-1 (0a): Bind for 0.0.0.0:8080 failed: port is already allocated',
  'Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use',
  'failed to bind host port for 0.0.0.0:8080:172.18.0.2:80/tcp: listen tcp [::]:8080: bind: address already in use',
])('a port that somebody has is named: %s', async (said) => {
  expect(await hostFailure(said, docker)).toMatchObject({
    code: 'host-port-taken',
    message: expect.stringContaining('8080') as string,
  });
});

test.each([
  'failed to copy files: write /var/lib/docker/x: no space left on device',
  'ERROR: failed to solve: ResourceExhausted: mkdir /x: No space left on device',
])('a full disk is named by the folder that Docker has: %s', async (said) => {
  expect(await hostFailure(said, docker)).toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('/srv/docker') as string,
  });
});

test.each([
  'Network pg-1-x_default  Error\nfailed to create network pg-1-x_default: Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  'failed to create network a: Error response from daemon: all predefined address pools have been fully subnetted',
  'failed to create network a: Error response from daemon: invalid pool request: Pool overlaps with other one on this address space',
])('a network that gets no addresses is no fault of a service: %s', async (said) => {
  expect(await hostFailure(said, docker)).toMatchObject({ code: 'address-pools-exhausted' });
});

test('what a program says of other things is not taken for either', async () => {
  for (const said of ['address already in use', 'exit code: 1', 'port 8080', ''])
    expect(await hostFailure(said, docker)).toBeNull();
});
