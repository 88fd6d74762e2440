// Both official kernels side by side, with many processors: what Docker, nftables, overlayfs, WireGuard and eBPF need of a kernel
// is tried inside the machines. Then kernels of the user's own: added, refused, removed.
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Machine } from '@playhouse/contract/machine';
import { engineCrashPoints } from '../../packages/engine/src/crash-points.ts';
import { kernelFiles } from '../../packages/engine/src/kernels/kernel-store.ts';
import { bringTools, builtTool, hostTool } from './support/guest-tools.ts';
import { Installation } from './support/installation.ts';
import { runOk } from './support/process.ts';

const wanted = [
  { kernel: '6.1', cpus: 4, reference: '"6.1"' },
  { kernel: '6.12', cpus: 8, reference: '{ source: "6.12" }' },
] as const;

const manifest = `
kind: playground
playground:
  machines:
${wanted
  .map(
    ({ kernel, cpus, reference }) => `
    - name: vm-${kernel.replace('.', '-')}
      kernel: ${reference}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: ${cpus}, ramSize: 288MiB }`,
  )
  .join('')}
`;

const resources = new AsyncDisposableStack();
let installation: Installation;
let playground: string;
let machines: readonly Machine[];
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp('/tmp/phk-');
  installation = resources.use(await Installation.running());
  const accepted = await installation.start(manifest);
  const { error } = await installation.ended(accepted.operation.id, 500_000);
  if (error) throw new Error(JSON.stringify(error));
  ({ id: playground, machines } = await installation.playground(accepted.playground.id));
  await Promise.all(
    machines.map(async ({ edgeAddress }) => {
      const tools = { host: ['/usr/bin/wg'], sources: ['count-packets'] };
      await bringTools(installation, edgeAddress ?? '', tools);
    }),
  );
}, 600_000);

afterAll(async () => {
  await resources.disposeAsync();
  await rm(scratch, { recursive: true, force: true });
});

/** What a script run as root says on each of the machines, by kernel. */
async function onEach(...lines: string[]): Promise<Record<string, string>> {
  const script = ['set -e', ...lines].join('\n');
  const said = machines.map(async ({ kernel, edgeAddress }) => {
    const { stdout, stderr, code } = await installation.ssh(edgeAddress ?? '', 'root', script);
    if (code !== 0) throw new Error(`Linux ${kernel}: ${script}\nended with ${code}: ${stderr}${stdout}`);
    return [kernel, stdout.trim()];
  });
  return Object.fromEntries(await Promise.all(said)) as Record<string, string>;
}

/** The same answer from both. */
const both = (answer: unknown) => ({ '6.1': answer, '6.12': answer });

test('machines with different kernels start together, with 4 and 8 processors that all work', async () => {
  expect(machines.map(({ kernel, state }) => `${kernel} ${state}`)).toEqual(['6.1 running', '6.12 running']);
  const processors = 'for n in $(seq 0 $(($(nproc) - 1))); do taskset -c $n true; done; nproc';
  expect(await onEach('uname -r', processors)).toEqual({
    '6.1': expect.stringMatching(/^6\.1\.\d.*\n4$/) as string,
    '6.12': expect.stringMatching(/^6\.12\.\d.*\n8$/) as string,
  });
});

test('each has the modules and the /boot of its own kernel', async () => {
  const files = 'ls /boot | sed "s/-$(uname -r)$//"';
  const vermagic = 'test "$(modinfo -F vermagic wireguard | cut -d " " -f 1)" = "$(uname -r)"';
  expect(await onEach(vermagic, 'test ! -w /boot/vmlinuz-$(uname -r) || ! touch /boot/x', files)).toEqual(
    both('System.map\nconfig\nvmlinuz'),
  );
});

test('overlayfs shows both layers and keeps the lower one as it is', async () => {
  const output = await onEach(
    'cd $(mktemp -d); mkdir lower upper work merged; echo below > lower/a; echo below > lower/b',
    'mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged',
    'echo above > merged/a; rm merged/b',
    'ls merged; cat merged/a lower/a lower/b; stat -c %F upper/b; umount merged',
  );
  expect(output).toEqual(both('a\nabove\nbelow\nbelow\ncharacter special file'));
});

test('nftables translates addresses between two networks', async () => {
  const output = await onEach(
    'ip netns add inner; ip netns add outer',
    'ip link add v0 type veth peer name eth0 netns inner; ip link add v1 type veth peer name eth0 netns outer',
    'ip addr add 10.9.0.1/24 dev v0; ip addr add 10.9.1.1/24 dev v1; ip link set v0 up; ip link set v1 up',
    'for n in inner outer; do ip -n $n link set lo up; ip -n $n link set eth0 up; done',
    'ip -n inner addr add 10.9.0.2/24 dev eth0; ip -n inner route add default via 10.9.0.1',
    'ip -n outer addr add 10.9.1.2/24 dev eth0',
    'sysctl -q net.ipv4.ip_forward=1',
    // The outer network knows no way back to the inner one: without translation nothing would come back.
    'nft "table ip t { chain post { type nat hook postrouting priority srcnat; oifname v1 counter masquerade; }; }"',
    'ip netns exec inner ping -q -c 2 -W 20 10.9.1.2 > /dev/null',
    'nft -j list ruleset | jq "[.. | .counter? // empty | .packets] | add"',
    'nft delete table ip t; ip netns del inner; ip netns del outer',
  );
  expect(output).toEqual(both(expect.stringMatching(/^[1-9]/)));
});

test('WireGuard carries traffic through a tunnel', async () => {
  const wg = hostTool('wg');
  const peer = (name: string, other: string, rest: string) =>
    `ip netns exec ${name} ${wg} set wg0 listen-port 51820 private-key ${name}.key peer $(cat ${other}.pub) allowed-ips ${rest}`;
  const output = await onEach(
    'cd $(mktemp -d); umask 077',
    'ip netns add left; ip netns add right',
    'ip link add name under netns left type veth peer name under netns right',
    'ip -n left addr add 10.8.0.1/24 dev under; ip -n right addr add 10.8.0.2/24 dev under',
    `for n in left right; do ip -n $n link set under up; ${wg} genkey > $n.key; ${wg} pubkey < $n.key > $n.pub; done`,
    'for n in left right; do ip -n $n link add wg0 type wireguard; done',
    peer('left', 'right', '10.7.0.2/32 endpoint 10.8.0.2:51820'),
    peer('right', 'left', '10.7.0.1/32'),
    'ip -n left addr add 10.7.0.1/24 dev wg0; ip -n right addr add 10.7.0.2/24 dev wg0',
    'for n in left right; do ip -n $n link set wg0 up; done',
    'ip netns exec left ping -q -c 2 -W 20 10.7.0.2 > /dev/null',
    `ip netns exec right ${wg} show wg0 transfer | cut -f 2`,
    'ip netns del left; ip netns del right',
  );
  expect(output).toEqual(both(expect.stringMatching(/^[1-9]\d\d/)));
});

test('an eBPF program is verified, attached and counts', async () => {
  const run = `unshare --net sh -c "ip link set lo up; ${builtTool('count-packets')}"`;
  expect(await onEach(run, 'test -s /sys/kernel/btf/vmlinux && echo BTF')).toEqual(both('10\nBTF'));
});

test('all that a container engine wants of a kernel is there', async () => {
  const modules = [
    ...['overlay', 'br_netfilter', 'bridge', 'veth', 'vxlan', 'macvlan', 'ipvlan', 'tun'],
    ...['nf_nat', 'nf_conntrack', 'nf_tables', 'nft_compat', 'nft_chain_nat', 'nft_masq', 'nft_ct'],
    ...['ip_tables', 'iptable_nat', 'iptable_filter', 'ip6table_nat', 'ip_set', 'ip_vs', 'ip_vs_rr'],
    ...[
      'xt_MASQUERADE',
      'xt_addrtype',
      'xt_conntrack',
      'xt_nat',
      'xt_mark',
      'xt_comment',
      'xt_set',
      'xt_ipvs',
    ],
    ...['xt_REDIRECT', 'esp4', 'xfrm_user', 'sch_netem', 'fuse'],
  ];
  const options =
    'NET_NS|PID_NS|IPC_NS|UTS_NS|USER_NS|CGROUP_BPF|CGROUP_DEVICE|SECCOMP_FILTER|POSIX_MQUEUE|KEYS';
  expect(
    await onEach(
      `modprobe -a ${modules.join(' ')}`,
      'tr " " "\\n" < /sys/fs/cgroup/cgroup.controllers | grep -cxE "cpu|cpuset|io|memory|pids"',
      `grep -cE "^CONFIG_(${options})=y" /boot/config-$(uname -r)`,
    ),
  ).toEqual(both('5\n10'));
});

test('a kernel of one’s own is added from a package, is known at once, and is removed', async () => {
  const deb = await packKernel('own', '6.12');
  const added = await installation.cli('kernel', 'add', 'own', deb);
  expect(added.stderr + added.stdout).toMatch(/Trying the kernel.*Kernel own is installed/s);
  const kernels = JSON.parse((await installation.cli('kernel', 'list', '-o', 'json')).stdout) as unknown;
  expect(kernels).toContainEqual(
    expect.objectContaining({
      name: 'own',
      installed: true,
      official: false,
      origin: { kind: 'deb', path: deb },
    }),
  );
  expect(await installation.cli('kernel', 'remove', 'own')).toMatchObject({ code: 0 });
  expect((await installation.cli('kernel', 'list')).stdout).not.toContain('own');
  expect(await readdir(`${installation.state}/kernels`)).toEqual(['6.1', '6.12']);
});

test('the engine dies at each boundary of an addition: it is finished by the next, and nothing is left', async () => {
  const client = await installation.client();
  const origin = { kind: 'deb', path: `${scratch}/own.deb` } as const;
  const [first = '', ...rest] = engineCrashPoints().filter((point) => point.startsWith('kernel.add/'));
  await installation.engine?.kill();
  const dying = await installation.startEngine({ PLAYHOUSE_CRASH_POINT: first });
  const { operation: addition } = await client('kernel.add', { body: { name: 'again', origin } });
  expect(await dying.exited).toBe('SIGKILL');
  for (const point of rest) {
    const engine = installation.service('engine', { PLAYHOUSE_CRASH_POINT: point });
    expect(await engine.exited, `the engine passed ${point}`).toBe('SIGKILL');
  }
  await installation.startEngine();
  expect(await installation.ended(addition.id)).toMatchObject({ status: 'succeeded', error: null });
  expect(await installation.cli('kernel', 'remove', 'again')).toMatchObject({ code: 0 });
  expect(await readdir(`${installation.state}/kernels`)).toEqual(['6.1', '6.12']);
  // Machines ran on meanwhile.
  expect(await onEach('echo alive')).toEqual(both('alive'));
});

test('packages that are none, mean to get out, or do not boot are refused, and leave nothing', async () => {
  const refused = async (...words: string[]) =>
    (await installation.cli('kernel', 'add', 'bad', ...words)).stderr;
  await writeFile(`${scratch}/text.deb`, 'no package');
  expect(await refused(`${scratch}/text.deb`)).toContain('it is no Debian package');
  expect(await refused(`${scratch}/missing.deb`)).toContain('cannot be read');
  expect(await refused('/etc/shadow')).toContain('no bootable x86 kernel image');
  expect(await refused(await packHostile())).toContain('not a file');
  // A real kernel without the modules it needs: it boots, and finds no drive.
  const { image } = kernelFiles(`${installation.state}/kernels/6.1`);
  expect(await refused(image)).toContain('the kernel finds no virtio block device');
  expect(await readdir(`${installation.state}/kernels`)).toEqual(['6.1', '6.12']);
});

test('a kernel in use stays, the default one too, and others than there are are unknown', async () => {
  const remove = async (name: string) => (await installation.cli('kernel', 'remove', name)).stderr;
  expect(await remove('6.12')).toContain((await installation.playground(playground)).name);
  expect(await remove('6.1')).toContain('cannot be removed');
  expect(await remove('6.2')).toMatch(/did you mean/);
});

test('an official kernel that was removed is fetched by the next start that names it, which says so when it cannot be', async () => {
  await installation.destroy(playground);
  expect(await installation.cli('kernel', 'remove', '6.12')).toMatchObject({ code: 0 });
  expect((await installation.cli('kernel', 'list')).stdout).toMatch(/^6\.12 +when needed/m);
  // The host of this installation reaches no mirror.
  const accepted = await installation.start(manifest);
  const ended = await installation.ended(accepted.operation.id);
  expect(ended.error).toMatchObject({ code: 'kernel-fetch-failed', step: 'Pulling images' });
  expect(await readdir(`${installation.state}/kernels`)).toEqual(['6.1']);
});

/** A Debian package of an installed kernel’s files, with a few of its modules, under another package name. */
async function packKernel(name: string, from: string): Promise<string> {
  const { modules } = kernelFiles(`${installation.state}/kernels/${from}`);
  const tree = `${scratch}/${name}`;
  await mkdir(`${tree}/lib/modules`, { recursive: true });
  await runOk(['debugfs', '-R', `rdump /boot ${tree}`, modules]);
  await runOk(['debugfs', '-R', `rdump /modules ${scratch}`, modules]);
  const release = (await readdir(`${tree}/boot`)).find((file) => file.startsWith('vmlinuz-'))?.slice(8) ?? '';
  await runOk(['mv', `${scratch}/modules`, `${tree}/lib/modules/${release}`]);
  // What is left is what the initramfs needs and a little more, so that the package is small.
  await runOk([
    'find',
    tree,
    '-name',
    '*.ko',
    '-not',
    '-path',
    '*virtio*',
    '-not',
    '-name',
    '*failover.ko',
    '-delete',
  ]);
  return await buildPackage(tree, name);
}

/** A package whose modules lie behind a link to a folder of the host. */
async function packHostile(): Promise<string> {
  const tree = `${scratch}/hostile`;
  await mkdir(`${tree}/lib/modules/6.1.0-evil`, { recursive: true });
  await symlink('/etc', `${tree}/lib/modules/6.1.0-evil/kernel`);
  return await buildPackage(tree, 'hostile');
}

async function buildPackage(tree: string, name: string): Promise<string> {
  await mkdir(`${tree}/DEBIAN`);
  const fields = [
    `Package: ${name}`,
    'Version: 1',
    'Architecture: amd64',
    'Maintainer: test',
    'Description: test',
    '',
  ];
  await writeFile(`${tree}/DEBIAN/control`, fields.join('\n'));
  await runOk(['dpkg-deb', '-Zgzip', '-z1', '--root-owner-group', '--build', tree, `${scratch}/${name}.deb`]);
  return `${scratch}/${name}.deb`;
}
