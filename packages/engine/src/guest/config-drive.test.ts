import { mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { type AgentFixture, startAgent } from './agent-fixture.ts';
import { configDrive, configTree } from './config-drive.ts';
import type { MachineConfig } from './machine-config.ts';

const isRoot = process.getuid?.() === 0;
const identity = { privateKey: 'OPENS OTHERS', publicKey: 'ssh-ed25519 OTHERS' };
const config: MachineConfig = {
  hostname: 'node-01',
  hosts: '127.0.0.1 localhost\n172.16.0.2 node-01\n',
  nameservers: ['1.1.1.1', '9.9.9.9'],
  interfaces: [
    { name: 'eth0', mac: '52:54:00:AA:00:01', address: '172.16.0.2/24', gateway: '172.16.0.1' },
    { name: 'eth1', mac: '52:54:00:aa:00:02', address: null, gateway: null, mtu: 1400 },
  ],
  users: [
    {
      name: 'laborant',
      authorizedKeys: ['ssh-ed25519 NEW'],
      withdrawnKeys: ['ssh-ed25519 WITHDRAWN'],
      identity,
      welcome: 'Hello',
    },
  ],
  sshHostKey: { privateKey: 'PRIVATE', publicKey: 'PUBLIC' },
  knownHosts: ['vm-2 ssh-ed25519 HOST'],
  startupFiles: [
    { path: '/etc/motd', content: 'more\n', owner: '0:0', mode: 0o644, append: true },
    {
      path: '/opt/a b/run',
      content: Buffer.from([0, 255, 10]),
      owner: 'laborant:staff',
      mode: 0o755,
      append: false,
    },
  ],
  machineId: null,
  startupId: 'one',
  drives: [
    { serial: 'drive2', device: '/dev/vdc', mount: '/srv/data/deep', filesystem: 'xfs', readOnly: true },
    { serial: 'drive1', device: '/dev/vdb', mount: '/srv/data', filesystem: 'ext3', readOnly: false },
  ],
};

test('the tree holds what the agent documents', () => {
  const tree = Object.fromEntries(
    [...configTree(config)].map(([name, content]) => [name, content.toString('latin1')]),
  );
  expect(tree).toMatchObject({
    hostname: 'node-01\n',
    'resolv.conf': 'nameserver 1.1.1.1\nnameserver 9.9.9.9\n',
    interfaces: 'eth0 52:54:00:aa:00:01 172.16.0.2/24 172.16.0.1 -\neth1 52:54:00:aa:00:02 - - 1400\n',
    'users/laborant/authorized_keys': 'ssh-ed25519 NEW\n',
    'users/laborant/withdrawn_keys': 'ssh-ed25519 WITHDRAWN\n',
    'files/001/meta': '/opt/a b/run\nlaborant:staff\n755\n0\n',
    'files/001/content': '\x00\xff\n',
    drives: 'drive1 /srv/data ext3 rw\ndrive2 /srv/data/deep xfs ro\n',
    fstab: expect.stringContaining('\n/dev/vdc /srv/data/deep xfs ro,noatime,nofail 0 0\n'),
  });
  expect(tree['machine-id']).toBeUndefined();
});

test('a machine whose only drive is its root keeps the fstab of its image', () => {
  const names = [...configTree({ ...config, drives: [] }).keys()];
  expect(names.filter((name) => /drives|fstab/.test(name))).toEqual([]);
});

test('whatever the order of the manifest, a drive is mounted before those inside it', () => {
  const parts = fc.array(fc.constantFrom('a', 'b', 'b-c', 'b.c'), { minLength: 1, maxLength: 4 });
  const paths = fc.uniqueArray(parts.map((words) => `/${words.join('/')}`));
  fc.assert(
    fc.property(paths, (mounts) => {
      const drives = mounts.map((mount) => ({
        serial: 's',
        device: '/dev/vdb',
        filesystem: 'ext4',
        readOnly: false,
        mount,
      }));
      const lines = (configTree({ ...config, drives }).get('drives') ?? '').toString().trim().split('\n');
      const order = lines.map((line) => line.split(' ')[1] ?? '');
      for (const [index, mount] of order.entries())
        for (const later of order.slice(index + 1)) expect(mount.startsWith(`${later}/`)).toBe(false);
    }),
  );
});

test('the drive is a tar of whole sectors, the same for the same configuration', async () => {
  const bytes = await configDrive(config);
  expect(bytes.length % 512).toBe(0);
  expect(await configDrive(config)).toEqual(bytes);
  expect([...(await unpack(bytes)).keys()]).toEqual([...configTree(config).keys()]);
});

test('what would be read as something else is refused', async () => {
  const file = { path: '/x', content: '', owner: '0:0', mode: 0o644, append: false };
  const drive = { serial: 's', device: '/dev/vdb', mount: '/d', filesystem: 'ext4', readOnly: false };
  const user = { name: '../root', authorizedKeys: [], withdrawnKeys: [], identity: null, welcome: null };
  for (const bad of [
    { startupFiles: [{ ...file, path: 'etc/motd' }] },
    { startupFiles: [{ ...file, path: '/a\nroot' }] },
    { startupFiles: [{ ...file, owner: 'a\nb' }] },
    { users: [user] },
    { drives: [{ ...drive, mount: '/a b' }] },
    { drives: [{ ...drive, mount: 'a' }] },
  ]) {
    await expect(configDrive({ ...config, ...bad })).rejects.toMatchObject({ code: 'machine-configuration' });
  }
});

let fixture: AgentFixture;
beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());

test.skipIf(!isRoot)(
  'the agent applies it inside the root, once per startup id (needs root for chroot)',
  async () => {
    const root = await makeRoot();
    const outside = join(fixture.directory, 'outside');
    await writeFile(outside, 'untouched');
    await symlink(outside, join(root, 'etc/resolv.conf'));
    const tree = new Map(configTree({ ...config, hostname: 'x' }));
    tree.delete('hostname'); // it would rename this host
    const apply = await applyTree(tree, root);
    expect(await apply()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await apply()).toMatchObject({ exitCode: 0, stderr: '' });

    const text = (path: string) => readFile(join(root, path), 'utf8');
    expect(await text('etc/motd')).toBe('image\nmore\n');
    expect(await text('etc/fstab')).toMatch(
      /^tmpfs \/tmp tmpfs\n\n# [^\n]+\n\/dev\/vdb .*\n\/dev\/vdc .*\n$/,
    );
    expect(await text('home/laborant/.ssh/authorized_keys')).toBe('ssh-ed25519 OLD\nssh-ed25519 NEW\n');
    expect(await text('etc/ssh/ssh_known_hosts2')).toBe('vm-2 ssh-ed25519 HOST\n');
    expect(await text('home/laborant/.ssh/id_ed25519')).toBe('OPENS OTHERS\n');
    expect(await stat(join(root, 'home/laborant/.ssh/id_ed25519'))).toMatchObject({
      uid: 1001,
      mode: 0o100600,
    });
    expect(await text('home/laborant/.ssh/id_ed25519.pub')).toBe('ssh-ed25519 OTHERS\n');
    expect(await text('home/laborant/.welcome')).toBe('Hello');
    expect(await text('etc/resolv.conf')).toBe('nameserver 1.1.1.1\nnameserver 9.9.9.9\n');
    expect(await text('etc/machine-id')).toMatch(/^[0-9a-f]{32}\n$/);
    expect(await readFile(outside, 'utf8')).toBe('untouched');
    expect(await stat(join(root, 'home/laborant/.ssh/authorized_keys'))).toMatchObject({
      uid: 1001,
      gid: 1001,
    });
    expect((await stat(join(root, 'etc/ssh/ssh_host_ed25519_key'))).mode & 0o777).toBe(0o600);
    expect(await stat(join(root, 'opt/a b/run'))).toMatchObject({ uid: 1001, gid: 50 });
  },
);

test.skipIf(!isRoot)('a key of the user’s own is kept (needs root for chroot)', async () => {
  const root = await makeRoot();
  await put(root, 'home/laborant/.ssh/id_ed25519', 'MINE');
  const tree = new Map([...configTree(config)].filter(([name]) => name.startsWith('users/')));
  expect(await (await applyTree(tree, root))()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await readFile(join(root, 'home/laborant/.ssh/id_ed25519'), 'utf8')).toBe('MINE');
});

test.skipIf(!isRoot)('a user that the image does not have is named (needs root for chroot)', async () => {
  const users = [{ name: 'ghost', authorizedKeys: [], withdrawnKeys: [], identity: null, welcome: null }];
  const tree = new Map([...configTree({ ...config, users })].filter(([name]) => name.startsWith('users/')));
  const result = await (await applyTree(tree, await makeRoot()))();
  expect(result).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('playhouse: error: user ghost:'),
  });
});

async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(fixture.directory, 'root-'));
  await put(
    root,
    'etc/passwd',
    'root:x:0:0::/root:/bin/sh\nlaborant:x:1001:1001::/home/laborant:/bin/bash\n',
  );
  await put(root, 'etc/group', 'root:x:0:\nstaff:x:50:laborant\n');
  await put(root, 'etc/motd', 'image\n');
  await put(root, 'etc/fstab', 'tmpfs /tmp tmpfs\n');
  await put(root, 'etc/machine-id', '');
  await put(root, 'home/laborant/.ssh/authorized_keys', 'ssh-ed25519 WITHDRAWN\nssh-ed25519 OLD');
  return root;
}

async function applyTree(tree: ReadonlyMap<string, Buffer>, root: string) {
  const directory = await mkdtemp(join(fixture.directory, 'config-'));
  for (const [name, content] of tree) await put(directory, name, content);
  return () => run([fixture.binary, 'apply', directory, root]);
}

async function put(directory: string, name: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(directory, name)), { recursive: true });
  await writeFile(join(directory, name), content);
}

async function unpack(bytes: Buffer): Promise<Map<string, number>> {
  const entries = new Map<string, number>();
  const reader = extract();
  reader.end(bytes);
  for await (const entry of reader) {
    entries.set(entry.header.name, entry.header.size ?? 0);
    entry.resume();
  }
  return entries;
}
