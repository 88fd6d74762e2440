// What ends and takes up again: one small machine is rebooted, stopped and restarted, then its whole playground.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallMachine, smallRamMiB } from './support/small-machine.ts';
import { until } from './support/until.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;
let id = '';
let address = '';

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  const { playground, operation } = await installation.start(smallMachine);
  id = playground.id;
  await installation.ended(operation.id);
  address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
});
afterAll(async () => await resources.disposeAsync());

const onMachine = async (command: string) => {
  const { code, stdout, stderr } = await installation.ssh(address, 'root', command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
};
const bootId = async () => await onMachine('cat /proc/sys/kernel/random/boot_id');
const machineState = async () => (await installation.playground(id)).machines[0]?.state;
const freeMemory = async () => {
  const client = await installation.client();
  return (await client('system.playroom')).playroom.memoryReservedBytes;
};

test('the guest has the processors and the memory that its manifest asked for, and no more', async () => {
  expect(await onMachine('nproc')).toBe('1');
  const kibibytes = Number(await onMachine("awk '/^MemTotal/ { print $2 }' /proc/meminfo"));
  expect(kibibytes).toBeLessThanOrEqual(smallRamMiB * 1024);
  expect(kibibytes).toBeGreaterThan(smallRamMiB * 1024 * 0.7);
});

test('machine reboot: the guest restarts itself, with everything it wrote and a console log of its own', async () => {
  const before = await bootId();
  await onMachine('echo unsynced > /srv/note');
  const { code, stdout } = await installation.cli('machine', 'reboot', id, 'vm');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'vm is running again.\n' });
  expect(await bootId()).not.toBe(before);
  expect(await onMachine('cat /srv/note')).toBe('unsynced');
  expect((await installation.cli('machine', 'console', id, 'vm', '--boots')).stdout).toBe('1\n2\n');
  const first = await installation.cli('console', id, '--boot', '1');
  expect(first.stdout).toContain('reboot: Restarting system');
});

test('machine journal: what the guest logged, made printable; a wrong question and a guest without one are told', async () => {
  const journal = async (...words: string[]) =>
    await installation.cli('machine', 'journal', id, 'vm', ...words);
  await onMachine('logger -t marker "$(printf \'\\033]0;title\\007hello\')"');
  expect((await journal('-u', 'ssh', '-n', '20')).stdout).toMatch(/ sshd\[\d+\]: /);
  await until('the entry', async () => (await journal('-n', '50')).stdout.includes(' marker'));
  const json = JSON.parse((await journal('-n', '50', '-o', 'json')).stdout) as {
    entries: { identifier: string; message: string }[];
    cursor: string;
  };
  expect(json.entries.find(({ identifier }) => identifier === 'marker')?.message).toBe(']0;titlehello');
  const later = await journal('--cursor', json.cursor, '-o', 'json');
  expect(later.stdout).not.toContain(']0;titlehello');
  expect((await journal('--since', 'the other day')).stderr).toContain('cannot be read like that');
  await onMachine('mv /usr/bin/journalctl /usr/bin/other');
  expect((await journal()).stderr).toContain('keeps no systemd journal');
  await onMachine('mv /usr/bin/other /usr/bin/journalctl');
});

test('machine stop powers one machine off, machine restart starts it; the playground runs all the while', async () => {
  const stopped = await installation.cli('machine', 'stop', id, 'vm', '-o', 'json');
  const lines = stopped.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ type: 'done', machine: { name: 'vm', state: 'stopped' } });
  expect(await installation.playground(id)).toMatchObject({ status: 'running' });
  expect(await installation.machineProcesses()).toEqual([]);
  expect((await installation.cli('console', id, '--boot', '2')).stdout).toContain('reboot: Power down');
  expect((await installation.cli('machine', 'stop', id, 'vm')).stderr).toContain('is not running');

  // A machine that was stopped stays so, also for the next engine.
  await installation.engine?.kill();
  await installation.startEngine();
  expect(await machineState()).toBe('stopped');

  const restarted = await installation.cli('machine', 'restart', id, 'vm');
  expect(restarted).toMatchObject({ code: 0, stdout: 'vm is running.\n' });
  expect(await onMachine('cat /srv/note')).toBe('unsynced');
});

test('playground stop keeps the drives and gives everything else back, and the next engine finds it stopped', async () => {
  const hostKey = (await installation.playground(id)).machines[0]?.hostKey;
  await onMachine('echo kept > /srv/note');
  expect(await freeMemory()).toBe(smallRamMiB * 2 ** 20);

  const { code, stdout } = await installation.cli('playground', 'stop', id);
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('is stopped.') as string,
  });
  expect(await installation.playground(id)).toMatchObject({
    status: 'stopped',
    machines: [{ state: 'stopped', edgeAddress: address }],
  });
  expect(await installation.hostObjects()).toEqual([id]);
  expect(await freeMemory()).toBe(0);
  const kept = await readdir(`${installation.state}/playgrounds/${id}/machines/vm`);
  expect(kept).toEqual(expect.arrayContaining(['config.tar', 'console-1.log']));
  expect(kept).not.toContain('root.qcow2');
  const layers = await readdir(`${installation.state}/layers`);
  expect(layers.filter((name) => name.endsWith('.qcow2'))).toHaveLength(1);

  await installation.engine?.kill();
  await installation.startEngine();
  expect(await installation.playground(id)).toMatchObject({ status: 'stopped' });
  expect(await installation.machineProcesses()).toEqual([]);

  const restarted = await installation.cli('playground', 'restart', id);
  expect(restarted).toMatchObject({ code: 0, stdout: expect.stringContaining('is running.') as string });
  expect(await installation.playground(id)).toMatchObject({
    status: 'running',
    machines: [{ state: 'running', edgeAddress: address, hostKey }],
  });
  expect(await onMachine('cat /srv/note')).toBe('kept');
});

test('a lifetime that is over stops or destroys a playground; a stopped one can be destroyed', async () => {
  const set = await installation.cli('playground', 'lifetime', id, '1s', '--on-expiry', 'stop');
  expect(set.stdout).toContain('then it is stopped');
  const client = await installation.client();
  const manifest = { playspec: 'flexbox', manifest: smallMachine };
  const other = await client('playground.start', { body: { ...manifest, lifetimeSeconds: 1 } });
  const status = async (reference: string) => (await installation.playground(reference)).status;
  // It has to boot first.
  const destroyed = async () => (await status(other.playground.id)) === 'destroyed';
  await until('the other to be destroyed', destroyed, undefined, 240_000);
  await until('the first to be stopped', async () => (await status(id)) === 'stopped', undefined, 240_000);
  expect(await installation.hostObjects()).toEqual([id]);
  expect((await installation.cli('playground', 'lifetime', id)).stdout).toContain('1s after its restart');
  expect(await installation.destroy(id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
});
