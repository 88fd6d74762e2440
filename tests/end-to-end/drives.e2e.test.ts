// Drives of every kind on two machines: one that is still a microvm, and one that has more drives than a microvm has room for.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Machine } from '@playhouse/contract/machine';
import type { Operation } from '@playhouse/contract/operation';
import { Installation } from './support/installation.ts';
import { until } from './support/until.ts';

const kinds = ['ext4', 'ext3', 'ext2', 'xfs', 'btrfs'] as const;
/** With the root and the five below it stands at /dev/vdx: the last that a manifest can have. */
const spareDrives = 18;

const manifest = `
kind: playground
playground:
  machines:
    - name: many
      users: [{ name: root }]
      drives:
        - { size: 1GiB }
        - { mount: /data/ext4, size: 2GiB }
        - { source: debian-12, mount: / }
        - { mount: /data/xfs, size: 2GiB, filesystem: xfs }
        - { mount: /data/xfs/deep/btrfs, size: 3GiB, filesystem: btrfs }
        - { mount: /data/ext2, size: 1GiB, filesystem: ext2 }
${Array.from({ length: spareDrives }, (_, index) => `        - { size: ${index === spareDrives - 1 ? 5 : 1}GiB }`).join('\n')}
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 2, ramSize: 384MiB }
    - name: few
      users: [{ name: root }]
      drives:
        - { source: debian-12, mount: / }
        - { mount: /data/ext3, size: 1GiB, filesystem: ext3 }
        - { mount: /kept, size: 1GiB, filesystem: ext4, readOnly: true }
        - { size: 1GiB, readOnly: true }
        - { source: debian-12, mount: /other, size: 12GiB }
        - { source: debian-12, mount: /frozen, readOnly: true }
        - { size: 1GiB, filesystem: xfs }
        - { size: 1GiB, filesystem: xfs, mount: /srv/twin }
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 2, ramSize: 384MiB }
      startupFiles:
        - { path: /data/ext3/from/manifest, content: "on the drive\\n", owner: "1000:1000", mode: "640" }
        - { path: /etc/fstab, content: "# mine\\n", append: true }
`;

const resources = new AsyncDisposableStack();
let installation: Installation;
let id = '';
let notes: Awaited<ReturnType<Installation['start']>>['notes'];
let operation: Operation;
let machines: readonly Machine[];

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  const accepted = await installation.start(manifest);
  id = accepted.playground.id;
  notes = accepted.notes;
  operation = await installation.ended(accepted.operation.id, 600_000);
  machines = (await installation.playground(id)).machines;
}, 700_000);

afterAll(async () => await resources.disposeAsync());

async function on(name: string, command: string): Promise<string> {
  const address = machines.find((machine) => machine.name === name)?.edgeAddress ?? '';
  const { stdout, stderr, code } = await installation.ssh(address, 'root', command);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** Lines of `findmnt` for what is mounted from a drive of the manifest, as `path device type ro|rw`. */
async function mounts(name: string): Promise<string[]> {
  const lines = (await on(name, 'findmnt --real -nrvo TARGET,SOURCE,FSTYPE,OPTIONS')).split('\n');
  return lines
    .map((line) => line.replace(/,.*/, ''))
    .filter((line) => !/^(\/boot|\S*\/lib\/modules\/\S*) /.test(line));
}

test('both machines run, the large one as another machine type, and that is told', async () => {
  expect(operation.error).toBeNull();
  expect(machines.map(({ name, machineType, state }) => [name, machineType, state])).toEqual([
    ['many', 'microvm-pcie', 'running'],
    ['few', 'microvm', 'running'],
  ]);
  expect(notes).toMatchObject([{ code: 'manifest-machine-type', path: 'playground.machines[0].drives' }]);
  expect((await installation.cli('playground', 'machines', id)).stdout).toMatch(/^many .* microvm-pcie /m);
});

test('drives stand in the order of the manifest, with their sizes, those of the platform behind them', async () => {
  const { drives = [] } = machines[0] ?? {};
  const seen = (await on('many', 'lsblk -bdnro NAME,SIZE,RO -I 254,253,252')).split('\n');
  const expected = drives.map(({ device, sizeBytes }) => `${device.replace('/dev/', '')} ${sizeBytes} 0`);
  expect(seen.slice(0, drives.length)).toEqual(expected);
  expect(drives).toHaveLength(24);
  expect(seen.slice(drives.length).map((line) => line.replace(/ \d+ /, ' '))).toEqual(['vdy 1', 'vdz 1']);
});

test('every file system that a manifest can name is mounted where it says, before anything else runs', async () => {
  expect((await mounts('many')).toSorted()).toEqual([
    '/ /dev/vdc ext4 rw',
    '/data/ext2 /dev/vdf ext2 rw',
    '/data/ext4 /dev/vdb ext4 rw',
    '/data/xfs /dev/vdd xfs rw',
    '/data/xfs/deep/btrfs /dev/vde btrfs rw',
  ]);
  expect((await mounts('few')).toSorted()).toEqual([
    '/ /dev/vda ext4 rw',
    '/data/ext3 /dev/vdb ext3 rw',
    '/frozen /dev/vdf ext4 ro',
    '/kept /dev/vdc ext4 ro',
    '/other /dev/vde ext4 rw',
    '/srv/twin /dev/vdh xfs rw',
  ]);
  const found = [...(await mounts('many')), ...(await mounts('few'))].map((line) => line.split(' ')[2]);
  expect(kinds.filter((kind) => !found.includes(kind))).toEqual([]);
});

test('fstab has a line for each, before what its owner adds', async () => {
  const fstab = await on('few', 'cat /etc/fstab');
  expect(fstab.split('\n').filter((line) => line.startsWith('/dev'))).toEqual([
    '/dev/vdb /data/ext3 ext3 rw,noatime,nofail 0 0',
    '/dev/vdf /frozen ext4 ro,noatime,nofail 0 0',
    '/dev/vdc /kept ext4 ro,noatime,nofail 0 0',
    '/dev/vde /other ext4 rw,noatime,nofail 0 0',
    '/dev/vdh /srv/twin xfs rw,noatime,nofail 0 0',
  ]);
  expect(fstab.endsWith('# mine')).toBe(true);
  expect(await on('few', 'umount /srv/twin && mount /srv/twin && findmnt -no FSTYPE /srv/twin')).toBe('xfs');
});

test('systemd has nothing to complain about', async () => {
  for (const { name } of machines)
    expect(await on(name, 'systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe(
      'running',
    );
});

test('startup files land on the drive that is mounted over their path, with owner and mode', async () => {
  const path = '/data/ext3/from/manifest';
  expect(
    await on('few', `stat -c "%u:%g %a" ${path}; cat ${path}; df --output=source ${path} | tail -n 1`),
  ).toBe('1000:1000 640\non the drive\n/dev/vdb');
});

test('file systems fill their drives, those with a source too', async () => {
  const sizes = async (name: string, ...paths: string[]) =>
    (await on(name, `df --output=size -BM ${paths.join(' ')} | tail -n +2`))
      .split('\n')
      .map(Number.parseFloat);
  expect((await sizes('few', '/other'))[0]).toBeGreaterThan(11 * 1024);
  const found = await sizes('many', '/data/ext4', '/data/xfs', '/data/xfs/deep/btrfs', '/data/ext2');
  for (const [index, gibibytes] of [2, 2, 3, 1].entries())
    expect(found[index], `drive ${index}`).toBeGreaterThan(gibibytes * 1024 * 0.9);
});

test('a source drive holds its source, and its root stays as it was', async () => {
  expect(await on('few', 'cat /other/etc/debian_version; echo changed > /other/etc/motd')).toMatch(/^12/);
  expect(await on('few', 'cat /etc/motd')).not.toContain('changed');
});

test('a raw drive is empty, and can be made into whatever its owner wants', async () => {
  expect(await on('many', 'cmp -n 16777216 /dev/vdx /dev/zero && wipefs -n /dev/vdx && echo empty')).toBe(
    'empty',
  );
  await on('many', 'mkfs.ext4 -q /dev/vdx && mkdir /mine && mount /dev/vdx /mine');
  await on('many', 'echo "/dev/vdx /mine ext4 defaults 0 2" >> /etc/fstab; echo raw > /mine/note');
});

test('a drive that is read-only cannot be written to, whoever asks', async () => {
  const attempts = [
    ['touch /kept/x', /Read-only file system/],
    ['mount -o remount,rw /kept', /read-only|write-protected/i],
    ['touch /frozen/etc/x', /Read-only file system/],
    ['dd if=/dev/urandom of=/dev/vdd bs=4k count=1 oflag=direct', /not permitted|Read-only|Permission/],
    [
      'blockdev --setrw /dev/vdd; dd if=/dev/urandom of=/dev/vdd bs=4k count=1 oflag=direct',
      /error|not permitted/i,
    ],
  ] as const;
  const address = machines[1]?.edgeAddress ?? '';
  for (const [command, reason] of attempts) {
    const { code, stdout, stderr } = await installation.ssh(address, 'root', command);
    expect(code, command).not.toBe(0);
    expect(stdout + stderr, command).toMatch(reason);
  }
  expect(await on('few', 'cmp -n 65536 /dev/vdd /dev/zero && echo untouched')).toBe('untouched');
});

test('what was written is there after the machine restarted, and what its owner did to drives keeps it from nothing', async () => {
  const paths = ['/data/ext4', '/data/xfs', '/data/xfs/deep/btrfs'];
  await on('many', 'umount /data/ext2 && wipefs -qa /dev/vdf');
  const before = (await mounts('many')).toSorted();
  await on('many', paths.map((path) => `echo ${path} > ${path}/note`).join('; '));
  const boot = await on('many', 'cat /proc/sys/kernel/random/boot_id');
  await installation.ssh(machines[0]?.edgeAddress ?? '', 'root', 'systemctl reboot');
  const state = async () => (await installation.playground(id)).machines[0]?.state;
  await until('the machine to go', async () => (await state()) === 'booting', undefined, 120_000);
  await until('the machine to be back', async () => (await state()) === 'running', undefined, 240_000);
  expect(await on('many', 'cat /proc/sys/kernel/random/boot_id')).not.toBe(boot);
  // sshd waits for no line of fstab that its owner added.
  await until('the owner’s own mount', async () => (await mounts('many')).length === before.length);
  expect((await mounts('many')).toSorted()).toEqual(before);
  expect(await on('many', `cat ${paths.map((path) => `${path}/note`).join(' ')}`)).toBe(paths.join('\n'));
  expect(await on('many', 'cat /mine/note; grep -c /dev/vdb /etc/fstab')).toBe('raw\n1');
  expect((await installation.cli('console', id, 'many')).stdout).toContain(
    'playhouse: warning: cannot mount the drive /dev/vdf at /data/ext2',
  );
});

test('the command line shows all drives; each is one file of the playground that costs what it holds', async () => {
  const { stdout } = await installation.cli('playground', 'drives', id, '-o', 'json');
  expect(JSON.parse(stdout)).toEqual(machines.map(({ name, drives }) => ({ name, drives })));
  expect(machines[1]?.drives[4]).toEqual({
    device: '/dev/vde',
    sizeBytes: 12 * 1024 ** 3,
    source: 'debian-12',
    filesystem: 'ext4',
    mount: '/other',
    readOnly: false,
  });
  const files = await readdir(`${installation.state}/playgrounds/${id}/machines/few`);
  expect(files.filter((name) => /qcow2|raw/.test(name)).toSorted()).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((index) => `drive${index}.qcow2`),
    'root.qcow2',
  ]);
});

test('one drive more than a machine can have is refused at its place', async () => {
  const extra = manifest.replace('        - { mount: /data/xfs, size', '        - { size: 1GiB }\n$&');
  await expect(installation.start(extra)).rejects.toMatchObject({
    code: 'manifest-invalid',
    problems: [{ code: 'manifest-too-many-drives', line: 32, column: 11 }],
  });
});

test('destroying leaves nothing on the host', async () => {
  expect(await installation.destroy(id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
});
