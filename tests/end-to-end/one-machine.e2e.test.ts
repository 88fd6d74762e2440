import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Machine } from '@playhouse/contract/machine';
import type { Operation } from '@playhouse/contract/operation';
import { GuestAgent } from '../../packages/engine/src/guest/guest-agent.ts';
import { clockSkewMs } from './support/clock-skew.ts';
import { Installation } from './support/installation.ts';
import { until } from './support/until.ts';
import { run, runOk, Service } from './support/process.ts';
import { loginScreen } from './support/ssh.ts';
import { Outside } from './support/outside.ts';

const manifest = `
kind: playground
title: One machine
playground:
  machines:
    - name: vm-1
      users:
        - name: laborant
          default: true
          welcome: Welcome to the test
        - name: root
      drives:
        - source: debian-12
          mount: /
          size: 12GiB
      network:
        interfaces:
          - network: local
            address: 172.16.0.42
      resources:
        cpuCount: 2
        ramSize: 512MiB
      startupFiles:
        - path: /srv/deep/greeting.txt
          content: "hello\\n"
          owner: laborant:laborant
          mode: "640"
        - path: /etc/profile
          content: "# appended by the test\\n"
          append: true
`;

const resources = new AsyncDisposableStack();
let installation: Installation;
let outside: Outside;
let operation: Operation;
let machine: Machine;
let id: string;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  outside = resources.use(await Outside.connect(installation));
  const accepted = await installation.start(manifest);
  id = accepted.playground.id;
  operation = await installation.ended(accepted.operation.id);
  const [first] = (await installation.playground(id)).machines;
  if (!first) throw new Error('the playground has no machine');
  machine = first;
});

afterAll(async () => await resources.disposeAsync());

const onMachine = async (command: string, user = 'laborant') => {
  const { stdout, stderr, code } = await installation.ssh(machine.edgeAddress ?? '', user, command);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return stdout.trim();
};

test('a manifest becomes a running machine, by the named steps', async () => {
  expect(operation.error).toBeNull();
  expect(operation.steps.map(({ label, status }) => `${label}: ${status}`)).toEqual([
    'Pulling images: done',
    'Preparing drives: done',
    'Wiring networks: done',
    'Booting machines: done',
    'Waiting for SSH: done',
  ]);
  expect(machine).toMatchObject({
    name: 'vm-1',
    state: 'running',
    address: '172.16.0.42',
    defaultUser: 'laborant',
  });
});

test('the machine has the name, users, addresses and resolver that it was given', async () => {
  expect(await onMachine('hostname')).toBe('vm-1');
  expect(await onMachine('id -un; sudo -n id -un')).toBe('laborant\nroot');
  expect(await onMachine('id -un', 'root')).toBe('root');
  expect(await onMachine('ip -4 -br address show eth0')).toMatch(/172\.16\.0\.42\/24/);
  expect(await onMachine('getent hosts vm-1 vm-1.local')).toMatch(/^172\.16\.0\.42 .*\n172\.16\.0\.42 /);
  expect(await onMachine('nproc; uname -r')).toMatch(/^2\n6\.1\./);
});

test('a login at a terminal shows the message of the day, and the welcome once', async () => {
  await onMachine('echo Mind the gap | tee /etc/motd', 'root');
  const shown = async () => {
    const screen = await loginScreen(
      installation.inNetns,
      `${installation.state}/home/id`,
      `laborant@${machine.edgeAddress}`,
    );
    return ['Mind the gap', 'Welcome to the test'].map((text) => screen.split(text).length - 1);
  };
  expect(await shown()).toEqual([1, 1]);
  expect(await shown()).toEqual([1, 0]);
});

test('startup files have their owner, mode and content, appended ones keep what was there', async () => {
  expect(await onMachine('stat -c "%U:%G %a" /srv/deep/greeting.txt; cat /srv/deep/greeting.txt')).toBe(
    'laborant:laborant 640\nhello',
  );
  expect(await onMachine('tail -n 1 /etc/profile; wc -l < /etc/profile')).toMatch(
    /^# appended by the test\n\d\d/,
  );
});

test('the root file system fills its drive, and kernel modules can be loaded', async () => {
  expect(Number(await onMachine('df --output=size -B1G / | tail -n 1'))).toBeGreaterThanOrEqual(11);
  expect(await onMachine('sudo modprobe wireguard && lsmod | grep -c ^wireguard')).toBe('1');
});

test('/boot and /lib/modules hold the files of the kernel that runs, read-only', async () => {
  expect(await onMachine('ls /boot | sed "s/-$(uname -r)$//"')).toBe('System.map\nconfig\nvmlinuz');
  expect(
    await onMachine(
      'findmnt -n -o OPTIONS /boot; findmnt -n -o OPTIONS $(realpath /lib/modules/$(uname -r))',
    ),
  ).toMatch(/^ro,.*\nro,/);
  expect(await onMachine('grep -c ^CONFIG_OVERLAY_FS=m /boot/config-$(uname -r)')).toBe('1');
});

test('the clock is the host’s and nothing of the image failed to start', async () => {
  expect(await clockSkewMs(onMachine)).toBeLessThan(5000);
  expect(await onMachine('systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe(
    'running',
  );
});

test('the machine reaches the outside through NAT', async () => {
  expect(await onMachine(`curl -s --max-time 10 http://${outside.address}/`)).toBe(
    `you are ${outside.hostAddress}`,
  );
});

test('the machine reaches neither the host nor link-local metadata, whatever listens there', async () => {
  const hostEnd = (machine.edgeAddress ?? '').replace(/\d+$/, (last) => String(Number(last) - 2));
  const metadata = '169.254.169.254';
  await runOk([...installation.inNetns, 'ip', 'address', 'add', `${metadata}/32`, 'dev', 'lo']);
  const listener = `require('node:http').createServer((_, response) => response.end('host')).listen(8099, '0.0.0.0')`;
  const service = new Service([...installation.inNetns, process.execPath, '-e', listener], {});
  try {
    for (const host of [hostEnd, outside.hostAddress, metadata]) {
      await until(
        `${host} to answer the host itself`,
        async () =>
          (await run([...installation.inNetns, 'curl', '-s', `http://${host}:8099`])).stdout === 'host',
      );
      const attempt = await installation.ssh(
        machine.edgeAddress ?? '',
        'laborant',
        `curl -s --max-time 3 http://${host}:8099`,
      );
      expect(attempt, host).toMatchObject({ code: 28, stdout: '' });
    }
  } finally {
    await service.kill();
  }
});

test('the machine’s process is unprivileged, caged and limited', async () => {
  const [pid] = await installation.machineProcesses();
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(await readFile(`/proc/${pid}/cgroup`, 'utf8')).toMatch(
    new RegExp(`/playhouse-[0-9a-f]{4}/${id}/0$`, 'm'),
  );
});

test('the guest agent runs commands, writes files, and freezes and thaws the file system', async () => {
  // The agent serves one host connection, and a living engine keeps it.
  await installation.engine?.kill();
  const where = { timeoutMs: 20_000, machine: 'node-01', playground: id };
  const agent = await GuestAgent.connect(`${installation.state}/run/${id}-0.agent`, where);
  try {
    const echo = await agent.exec({
      argv: ['sh', '-c', 'cat; echo oops >&2; exit 3'],
      user: 'laborant',
      stdin: 'hello',
    });
    expect(echo).toMatchObject({ exitCode: 3, stdout: 'hello', stderr: 'oops\n', timedOut: false });
    expect(await agent.exec({ argv: ['sleep', '60'], timeoutMs: 500 })).toMatchObject({
      exitCode: null,
      timedOut: true,
    });
    const content = 'x'.repeat(100_000);
    await agent.writeFile({ path: '/srv/big', content, mode: 0o600, owner: 'laborant' });
    expect(await onMachine('stat -c "%U %a %s" /srv/big')).toBe('laborant 600 100000');
    await agent.sync();
    await agent.freeze(30_000);
    // A write that met the frozen file system cannot even be killed before the thaw.
    const blocked = agent.exec({ argv: ['sh', '-c', 'echo late > /srv/late'], timeoutMs: 1000 });
    await setTimeout(2500);
    await agent.thaw();
    expect(await blocked).toMatchObject({ timedOut: true });
    await expect(agent.exec({ argv: ['true'], user: 'nobody-here' })).rejects.toMatchObject({
      code: 'guest-agent-refused',
    });
  } finally {
    agent.close();
    await installation.startEngine();
  }
});

test('the server is not root', async () => {
  const pid = installation.server?.pid ?? 0;
  expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t65534\t/m);
});

test('the command line lists, shows, logs in and reads the console', async () => {
  const list = await installation.cli('playground', 'list', '-o', 'json');
  expect(JSON.parse(list.stdout)).toMatchObject([{ id, status: 'running' }]);
  const ssh = await installation.cli('ssh', id, '--', 'echo', 'from', '$(hostname)');
  expect(ssh).toMatchObject({ code: 0, stdout: 'from vm-1\n' });
  expect((await installation.cli('ssh', id, '--', 'exit', '7')).code).toBe(7);
  expect((await installation.cli('playground', 'manifest', id)).stdout).toContain('address: 172.16.0.42');
  expect((await installation.cli('console', id)).code).toBe(0);
});

test('an engine that was killed takes the running machine up again', async () => {
  const before = await onMachine('cat /proc/sys/kernel/random/boot_id');
  await installation.engine?.kill();
  expect(await onMachine('cat /proc/sys/kernel/random/boot_id')).toBe(before);
  await installation.startEngine();
  expect(await installation.playground(id)).toMatchObject({
    status: 'running',
    machines: [{ state: 'running' }],
  });
  expect((await installation.cli('ssh', id, '--', 'true')).code).toBe(0);
});

test('a machine that restarts itself comes back, with the right clock and a console log of its own', async () => {
  const before = await onMachine('cat /proc/sys/kernel/random/boot_id');
  const boots = async () => {
    const { stdout } = await installation.cli('console', id, '-o', 'json');
    return (JSON.parse(stdout) as { boots: number[] }).boots;
  };
  const bootsBefore = await boots();
  await installation.ssh(machine.edgeAddress ?? '', 'root', 'systemctl reboot');
  await until(
    'the machine to go',
    async () => (await installation.playground(id)).machines[0]?.state === 'booting',
    undefined,
    120_000,
  );
  await until(
    'the machine to be back',
    async () => (await installation.playground(id)).machines[0]?.state === 'running',
    undefined,
    240_000,
  );
  expect(await onMachine('cat /proc/sys/kernel/random/boot_id')).not.toBe(before);
  expect(await onMachine('cat /srv/deep/greeting.txt; grep -c appended /etc/profile')).toBe('hello\n1');
  expect(await clockSkewMs(onMachine)).toBeLessThan(5000);
  // One more, or some where a busy host had its kernel find no timer.
  const [next = 0] = (await boots()).filter((boot) => !bootsBefore.includes(boot));
  expect(next).toBe((bootsBefore.at(-1) ?? 0) + 1);
});

test('a machine that powers itself off shows as stopped', async () => {
  await installation.ssh(machine.edgeAddress ?? '', 'root', 'systemctl poweroff');
  await until(
    'the machine to stop',
    async () => (await installation.playground(id)).machines[0]?.state === 'stopped',
    undefined,
    120_000,
  );
  expect((await installation.cli('ssh', id, '--', 'true')).stderr).toContain('is not running');
});

test('destroying leaves nothing on the host', async () => {
  expect(await installation.destroy(id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
  expect((await installation.playground(id)).status).toBe('destroyed');
});
