import { expect, test } from 'vitest';
import { closeForwardPass, missingPasses, openForwardPass, presentPasses } from './forward-pass.ts';

const docker = `-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A DOCKER-USER -j RETURN
`;
const ours = `-A DOCKER-USER -i ph1a2b-+ -j ACCEPT
-A DOCKER-USER -o ph1a2b-+ -j ACCEPT
`;

test('a host that forwards needs no pass', () => {
  expect(missingPasses('-P FORWARD ACCEPT\n-N DOCKER-USER\n', 'ph1a2b-')).toEqual([]);
});

test('on a host that drops, machines pass by Docker’s chain for such rules, or by the first one', () => {
  expect(missingPasses(docker, 'ph1a2b-')).toEqual([
    ['-I', 'DOCKER-USER', '-i', 'ph1a2b-+', '-j', 'ACCEPT'],
    ['-I', 'DOCKER-USER', '-o', 'ph1a2b-+', '-j', 'ACCEPT'],
  ]);
  expect(missingPasses('-P FORWARD DROP\n', 'ph1a2b-').map(([, chain]) => chain)).toEqual([
    'FORWARD',
    'FORWARD',
  ]);
});

test('what is there is not added again, and taken back without touching another installation’s', () => {
  expect(missingPasses(docker + ours, 'ph1a2b-')).toEqual([]);
  expect(missingPasses(docker + ours, 'ph9999-')).toHaveLength(2);
  expect(presentPasses(docker + ours, 'ph1a2b-')).toEqual([
    ['-D', 'DOCKER-USER', '-i', 'ph1a2b-+', '-j', 'ACCEPT'],
    ['-D', 'DOCKER-USER', '-o', 'ph1a2b-+', '-j', 'ACCEPT'],
  ]);
  expect(presentPasses(docker + ours, 'ph9999-')).toEqual([]);
});

test('a host without iptables is left as it is', async () => {
  const absent = async () => await Promise.reject(new Error('command-missing'));
  await expect(openForwardPass('ph1a2b-', absent)).resolves.toBeUndefined();
  await expect(closeForwardPass('ph1a2b-', absent)).resolves.toBeUndefined();
});
