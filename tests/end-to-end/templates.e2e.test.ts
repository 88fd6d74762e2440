// Templates that begin with a snapshot: a playspec that was saved, one that was prewarmed, and what the vault brings back.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { kill } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockSkewMs } from './support/clock-skew.ts';
import { Installation } from './support/installation.ts';
import { run } from './support/process.ts';
import { smallMachine } from './support/small-machine.ts';
import { until } from './support/until.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;
const well = { status: 'succeeded', error: null };

beforeAll(async () => (installation = resources.use(await Installation.running())));
afterAll(async () => await resources.disposeAsync());

const addressOf = async (id: string) => (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
const on = async (id: string, command: string) => {
  const { code, stdout, stderr } = await installation.ssh(await addressOf(id), 'root', command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
};
/** The author’s, who has no business in what others start of it. */
const foreignKey = `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'x'.repeat(32)}`).toString('base64')} author`;
const knowsAuthor = async (id: string) => await on(id, `grep -c author .ssh/authorized_keys || true`);
/** As the machine’s SSH server shows it to whoever connects. */
const hostKeyOf = async (id: string) => {
  const scan = ['ssh-keyscan', '-T', '50', '-t', 'ed25519', await addressOf(id)];
  const { stdout, stderr } = await run([...installation.inNetns, ...scan]);
  if (stdout === '') throw new Error(`${id} shows no host key: ${stderr}`);
  return stdout.trim().split(' ').slice(1).join(' ');
};
const startWell = async (playspec: string, manifest: string | null = null) => {
  const { playground, operation } = await installation.start(manifest, playspec);
  expect(await installation.ended(operation.id)).toMatchObject(well);
  return playground.id;
};

test('a saved playground is a template: each start of it goes on from there, and outlives its origin', async () => {
  const client = await installation.client();
  const begun = await client('playground.start', {
    body: {
      playspec: 'flexbox',
      manifest: smallMachine,
      authorizedKeys: [await installation.publicKey(), foreignKey],
    },
  });
  expect(await installation.ended(begun.operation.id)).toMatchObject(well);
  const origin = begun.playground.id;
  expect(await knowsAuthor(origin)).toBe('1');
  await on(origin, 'echo saved > /root/note; sync');
  const parameters = { playground: origin };
  const saved = await client('playspec.save', { parameters, body: { name: 'my-lab', memory: true } });
  expect(await installation.ended(saved.operation.id)).toMatchObject(well);
  const again = client('playspec.save', { parameters, body: { name: 'my-lab' } });
  await expect(again).rejects.toMatchObject({ code: 'playspec-exists' });
  await on(origin, 'echo changed > /root/note');
  await installation.destroy(origin);

  const [first, second] = [await startWell('my-lab'), await startWell('my-lab')];
  for (const id of [first, second]) expect(await on(id, 'cat /root/note')).toBe('saved');
  for (const id of [first, second]) expect(await knowsAuthor(id)).toBe('0');
  expect(await on(first, 'cat /etc/machine-id')).not.toBe(await on(second, 'cat /etc/machine-id'));
  // Nothing of a boot: it went on from memory.
  expect(Number(await on(first, 'cut -d. -f1 /proc/uptime'))).toBeGreaterThan(0);
  for (const id of [first, second]) await installation.destroy(id);
});

test('a prewarmed playspec goes on from memory, and boots where that does not fit', async () => {
  const client = await installation.client();
  await client('playspec.create', {
    body: { name: 'warm-lab', base: 'flexbox', manifest: `title: A warm lab\n${smallMachine.trimStart()}` },
  });
  await client('playspec.prewarm', { parameters: { name: 'warm-lab' } });
  const prewarm = async () =>
    (await client('playspec.get', { parameters: { name: 'warm-lab' } })).playspec.prewarm;
  const isMade = async () => (await prewarm())?.state !== 'making';
  await until('the prewarmed image', isMade, undefined, 240_000);
  expect(await prewarm()).toMatchObject({ state: 'ready' });
  const id = await startWell('warm-lab');
  const { operationId } = await installation.playground(id);
  const { steps } = await installation.ended(operationId);
  expect(steps[0]).toMatchObject({
    label: 'Taking up the snapshot',
    detail: 'machines will go on where they were',
  });
  expect((await installation.playground(id)).machines[0]?.identity?.renewed).toContain('machine id');
  // Made for nobody, it opens for who started it, and says the host key that it was given.
  expect(await on(id, 'cat /etc/ssh/ssh_host_ed25519_key.pub')).toContain(await hostKeyOf(id));
  await installation.destroy(id);
  await standsBy(client);

  // As if it had been cut under another QEMU.
  await installation.engine?.kill();
  const { snapshotId } = (await prewarm()) ?? {};
  const file = `${installation.state}/snapshots/${snapshotId}.json`;
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/"qemu":"[^"]*"/g, '"qemu":"1.0"'));
  await installation.startEngine();
  const cold = await startWell('warm-lab');
  expect((await installation.playground(cold)).machines[0]?.identity).toBeNull();
  await installation.destroy(cold);
}, 600_000);

/** A spare copy of `warm-lab` that stands by outlives the engine, is taken over by the next start, and is another machine then. */
async function standsBy(client: Awaited<ReturnType<Installation['client']>>): Promise<void> {
  const parameters = { name: 'warm-lab' };
  const spare = async () => (await client('playspec.get', { parameters })).playspec.prewarm?.spare;
  const stands = async () => (await spare())?.state === 'ready';
  const diesAt = async (point: string) => {
    const engine = installation.service('engine', { PLAYHOUSE_CRASH_POINT: `playground.start/${point}` });
    expect(await engine.exited, `the engine passed ${point}`).toBe('SIGKILL');
  };
  await client('playspec.keep-spare', { parameters, body: { wanted: true } });
  await installation.engine?.kill();
  // Its machines stand still then, and the next engine does not know it.
  await diesAt('Standing by/done');
  await installation.startEngine();
  await until('the spare copy', stands, undefined, 180_000);
  const copy = (await spare())?.playgroundId ?? '';
  expect((await client('playground.list')).playgrounds.map(({ id }) => id)).not.toContain(copy);
  const ticks = async () => {
    const pid = (await installation.machineProcesses())[0] ?? 0;
    return (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ').slice(13, 15).join(' ');
  };
  await installation.engine?.kill();
  const dying = await installation.startEngine({
    PLAYHOUSE_CRASH_POINT: 'playground.start/Preparing drives/done',
  });
  const awake = await installation.machineProcesses();
  const still = async () => {
    const before = await ticks();
    await setTimeout(2000);
    return (await ticks()) === before;
  };
  // It costs no processor. What the new engine asked it may have taken the last of a tick that was nearly full.
  expect((await still()) || (await still())).toBe(true);

  const { playground, operation } = await installation.start(null, 'warm-lab');
  expect(await dying.exited).toBe('SIGKILL');
  for (const end of ['begin', 'done']) await diesAt(`Booting machines/${end}`);
  await installation.startEngine();
  expect(await installation.ended(operation.id)).toMatchObject(well);
  const { id } = playground;
  expect(id).toBe(copy);
  expect(await installation.machineProcesses()).toEqual(awake);
  const { machines, name, hidden } = await installation.playground(id);
  expect({ hidden, named: name.endsWith('warm-lab') }).toEqual({ hidden: false, named: true });
  expect(machines[0]?.identity?.renewed).toContain('machine id');
  const hostKey = await hostKeyOf(id);
  expect(await on(id, 'cat /etc/ssh/ssh_host_ed25519_key.pub')).toContain(hostKey);
  expect(machines[0]?.hostKey).toContain(hostKey);
  expect(await clockSkewMs(async (command) => await on(id, command))).toBeLessThan(3000);
  // The rehearsal was a whole login, and left nothing but a word in the journal.
  expect(
    await on(id, 'journalctl --no-pager -q -g "Accepted publickey for root from 127.0.0.1" | wc -l'),
  ).toBe('1');
  expect(await on(id, 'ls -d /run/login-* 2> /dev/null | wc -l')).toBe('0');
  const machineId = await on(id, 'cat /etc/machine-id');
  // What it is stays through a boot from its drives.
  const restarted = await client('machine.restart', {
    parameters: { playground: id, machine: machines[0]?.name ?? '' },
  });
  expect(await installation.ended(restarted.operation.id)).toMatchObject(well);
  expect(await on(id, 'cat /etc/machine-id')).toBe(machineId);
  expect(await hostKeyOf(id)).toBe(hostKey);
  await installation.destroy(id);
  await until('the next spare copy', stands, undefined, 180_000);
  // One that has died hinders no start.
  for (const pid of await installation.machineProcesses()) kill(pid, 'SIGKILL');
  const other = await startWell('warm-lab');
  expect(await on(other, 'echo there')).toBe('there');
  await client('playspec.keep-spare', { parameters, body: { wanted: false } });
  await installation.destroy(other);
}

test('what was stopped comes back from the vault when nothing of it is left here, proven; a fault is named', async () => {
  const client = await installation.client();
  const id = await startWell('flexbox', smallMachine);
  await on(id, 'head -c 20M /dev/urandom > /root/data; sha256sum < /root/data > /root/sum; sync');
  const parameters = { playground: id };
  const stopped = await client('playground.stop', { parameters });
  expect(await installation.ended(stopped.operation.id)).toMatchObject(well);
  const snapshot = async () =>
    (await client('snapshot.list', { query: { playground: id } })).snapshots.find(
      (each) => each.origin === 'stop',
    );
  await until('the vault to have it', async () => typeof (await snapshot())?.offloadedAt === 'string');
  const verified = await client('vault.verify', { body: { snapshotId: (await snapshot())?.id ?? null } });
  expect(await installation.ended(verified.operation.id)).toMatchObject(well);
  expect((await snapshot())?.verifiedAt).not.toBeNull();

  const layers = `${installation.state}/layers`;
  for (const name of await readdir(layers))
    if (name.endsWith('.qcow2')) await rm(`${layers}/${name}`, { force: true });
  const restarted = await client('playground.restart', { parameters });
  expect(await installation.ended(restarted.operation.id)).toMatchObject(well);
  await on(id, 'sha256sum --check --status <(sed "s#-#/root/data#" /root/sum)');

  const once = await client('playground.stop', { parameters });
  expect(await installation.ended(once.operation.id)).toMatchObject(well);
  const current = async () => {
    const { snapshotId } = await installation.playground(id);
    return (await client('snapshot.list')).snapshots.find((each) => each.id === snapshotId);
  };
  await until('the vault to have that too', async () => typeof (await current())?.offloadedAt === 'string');
  for (const name of await readdir(layers))
    if (name.endsWith('.qcow2')) await rm(`${layers}/${name}`, { force: true });
  await rm(`${installation.state}/vault/files`, { recursive: true });
  const lost = await client('playground.restart', { parameters });
  const [layer = ''] = (await current())?.machines[0]?.drives[0]?.layers ?? [];
  expect(await installation.ended(lost.operation.id)).toMatchObject({
    status: 'failed',
    error: { code: 'vault-object-missing', message: expect.stringContaining(layer) },
  });
  await installation.destroy(id);
  await client('playspec.remove', { parameters: { name: 'my-lab' } });
  await client('playspec.remove', { parameters: { name: 'warm-lab' } });
  const left = async () => (await readdir(layers)).length;
  await until('all layers to go', async () => (await left()) === 0);
  expect(await installation.leftovers()).toEqual([]);
});
