import { expect, test } from 'vitest';
import { kernelFiles } from '../kernels/kernel-store.ts';
import { enginePaths } from '../system/engine-paths.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { knownHostsOf, machineConfig, machineFiles, machineSpecification } from './machine-specification.ts';
import { planPlayground } from './playground-plan.ts';

const paths = enginePaths({ stateDirectory: '/var/lib/playhouse' });
const record = samplePlayground();
const plan = planPlayground(record, { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' });
const identity = { privateKey: 'I', publicKey: 'ssh-ed25519 I playground' };
const host = {
  nameservers: ['192.0.2.53'],
  key: { privateKey: 'P', publicKey: 'ssh-ed25519 K' },
  identity,
  knownHosts: ['web ssh-ed25519 K'],
  withdrawnKeys: ['ssh-ed25519 AAAA before'],
};

function machine(index: number) {
  const [planned, known] = [plan.machines[index], record.machines[index]];
  if (!planned || !known) throw new Error('the sample has two machines');
  return { planned, known };
}

const configOf = (index: number) => machineConfig(record, plan, machine(index).planned, host);

test('sockets have paths that a socket can have, whatever the state directory', () => {
  const longest = enginePaths({ stateDirectory: `/${'x'.repeat(47)}` });
  const { agentSocket, controlSocket } = machineFiles(longest, sampleId, machine(1).planned);
  for (const path of [agentSocket, controlSocket]) expect(path.length).toBeLessThan(108);
});

test('what a machine runs with', () => {
  const { planned, known } = machine(0);
  const kernel = kernelFiles('/k');
  const spec = machineSpecification(paths, sampleId, plan, planned, known, kernel, 'console=ttyS0');
  const folder = `/var/lib/playhouse/playgrounds/${sampleId}/machines/web`;
  expect(spec).toMatchObject({
    id: `${sampleId}/0`,
    cpuCount: 2,
    ramBytes: 1024 ** 3,
    kernel: { image: '/k/vmlinuz', initramfs: '/k/initramfs', commandLine: 'console=ttyS0' },
    interfaces: [
      { tap: 'tap0-0', mac: '02:70:68:00:01:01' },
      { tap: 'tap0-1', mac: '02:70:68:00:01:02' },
    ],
    enterNetwork: ['nsenter', '--net=/run/netns/ph1a2b-42', '--'],
    consoleLog: `${folder}/console-3.log`,
    pidFile: `/var/lib/playhouse/run/${sampleId}-0.pid`,
  });
  expect(spec.drives.map(({ serial, readOnly }) => [serial, readOnly])).toEqual([
    ['root', false],
    ['config', true],
    ['modules', true],
  ]);
  expect(spec.drives[0]?.chain.map(({ path }) => path)).toEqual([`${folder}/root.qcow2`, '/s/layer.qcow2']);
});

test('drives stand where the manifest has them, those of the platform behind; a blank one lies on nothing', () => {
  const { planned, known } = machine(1);
  const { drives } = machineSpecification(paths, sampleId, plan, planned, known, kernelFiles('/k'), '');
  const folder = `/var/lib/playhouse/playgrounds/${sampleId}/machines/db`;
  expect(
    drives.map(({ serial, readOnly, chain }) => [serial, readOnly, ...chain.map(({ path }) => path)]),
  ).toEqual([
    ['drive0', false, `${folder}/drive0.qcow2`],
    ['root', false, `${folder}/root.qcow2`, '/s/layer.qcow2'],
    ['drive2', true, `${folder}/drive2.qcow2`, '/s/layer.qcow2'],
    ['config', true, `${folder}/config.tar`],
    ['modules', true, '/k/modules.img'],
  ]);
});

test('the machine mounts its drives but for the root', () => {
  expect(configOf(0).drives).toEqual([]);
  expect(configOf(1).drives).toEqual([
    { serial: 'drive0', device: '/dev/vda', mount: '/srv/data', filesystem: 'xfs', readOnly: false },
    { serial: 'drive2', device: '/dev/vdc', mount: '/srv', filesystem: 'ext4', readOnly: true },
  ]);
});

test('every machine knows every other by name, and by the name of each network', () => {
  expect(configOf(0).hosts).toBe(
    [
      '127.0.0.1 localhost',
      '172.16.0.10 web web.local',
      '10.0.0.2 web.storage',
      '10.0.0.3 db db.storage',
      '::1 localhost ip6-localhost',
      '',
    ].join('\n'),
  );
  // The second is on one network only: there it finds the first, too.
  expect(configOf(1).hosts).toBe(
    [
      '127.0.0.1 localhost',
      '172.16.0.10 web.local',
      '10.0.0.2 web web.storage',
      '10.0.0.3 db db.storage',
      '::1 localhost ip6-localhost',
      '',
    ].join('\n'),
  );
});

test('addresses, one default route at most', () => {
  expect(configOf(0).interfaces).toEqual([
    { name: 'eth0', mac: '02:70:68:00:01:01', address: '172.16.0.10/24', gateway: '172.16.0.1' },
    { name: 'eth1', mac: '02:70:68:00:01:02', address: '10.0.0.2/16', gateway: null },
  ]);
  expect(configOf(1).interfaces.map(({ gateway }) => gateway)).toEqual([null]);
});

test('a machine without a way out asks the resolver of its network first, then the host’s name servers', () => {
  expect(configOf(1).nameservers).toEqual(['10.0.0.1', '192.0.2.53']);
});

test('all users of the manifest and root can log in, each with their welcome', () => {
  const { withdrawnKeys } = host;
  const keys = { authorizedKeys: ['ssh-ed25519 AAAA me', identity.publicKey], withdrawnKeys, identity };
  expect(configOf(0).users).toEqual([
    { name: 'laborant', ...keys, welcome: 'Hello!' },
    { name: 'guest', ...keys, welcome: '' },
    { name: 'root', ...keys, welcome: null },
  ]);
});

test('machines know each other’s host keys by every name and address', () => {
  const keys = new Map([['web', { privateKey: 'P', publicKey: 'ssh-ed25519 K web\n' }]]);
  expect(knownHostsOf(plan, keys)).toEqual(['web,web.local,172.16.0.10,web.storage,10.0.0.2 ssh-ed25519 K']);
});

test('a machine without SSH gets no keys', () => {
  expect(configOf(1).users).toEqual([
    { name: 'root', authorizedKeys: [], withdrawnKeys: host.withdrawnKeys, identity: null, welcome: null },
  ]);
});

test('startup files with their mode as a number; host key, name servers and name of its own', () => {
  expect(configOf(0)).toMatchObject({
    hostname: 'web',
    nameservers: ['172.16.0.1'],
    sshHostKey: host.key,
    knownHosts: host.knownHosts,
    startupFiles: [{ path: '/etc/motd', content: 'Hi', mode: 0o640, owner: 'root:root' }],
    startupId: sampleId,
  });
});
