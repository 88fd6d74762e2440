// Snapshots of a playground with two machines that talk to each other: forked while it runs, suspended and resumed, gone back.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clockSkewMs } from './support/clock-skew.ts';
import {
  connectedPair,
  counted,
  pairAddresses,
  type PairAddresses,
  startCounting,
} from './support/connected-pair.ts';
import { Installation } from './support/installation.ts';
import { until } from './support/until.ts';

/** Four machines boot beside other tests. */
const patienceMs = 500_000;
const testMs = 900_000;
const well = { status: 'succeeded', error: null };
const resources = new AsyncDisposableStack();
let installation: Installation;
let id = '';
let pair: PairAddresses;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  const { playground, operation } = await installation.start(connectedPair);
  id = playground.id;
  await installation.ended(operation.id, patienceMs);
  pair = await pairAddresses(installation, id);
  await startCounting(installation, pair);
  await until('the pair to count', async () => (await counted(installation, pair)) > 3);
}, testMs);
afterAll(async () => await resources.disposeAsync());
const forks: string[] = [];
afterEach(async () => {
  for (const each of forks.splice(0)) await installation.destroy(each);
});

const on = async (address: string, command: string) => {
  const { code, stdout, stderr } = await installation.ssh(address, 'root', command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
};
const countsOn = async (which: PairAddresses) => {
  let before = 0;
  // Whoever looks in the instant in which it is written finds nothing, as of a connection that broke, which stays so.
  await until('its count', async () => (before = await counted(installation, which)) > 0, undefined, 10_000);
  await until('it to count on', async () => (await counted(installation, which)) > before);
  return before;
};
const fork = async (count: number) => {
  const client = await installation.client();
  const accepted = await client('playground.fork', { parameters: { playground: id }, body: { count } });
  forks.push(...accepted.playgrounds.map((playground) => playground.id));
  for (const { id: operationId } of [accepted.operation, ...accepted.operations])
    expect(await installation.ended(operationId, patienceMs)).toMatchObject(well);
  return accepted.playgrounds.map((playground) => playground.id);
};

test('a fork of running machines goes on in the middle of a connection, as does its source, each for itself', async () => {
  await on(pair.client, 'echo source > /root/note; sync');
  const before = await countsOn(pair);
  const [first = '', second = ''] = await fork(2);
  expect(await countsOn(pair)).toBeGreaterThanOrEqual(before);
  const pairs = [await pairAddresses(installation, first), await pairAddresses(installation, second)];
  for (const each of pairs) {
    expect(await countsOn(each)).toBeGreaterThanOrEqual(before);
    expect(await on(each.client, 'hostname; cat /root/note')).toBe('client\nsource');
    await on(each.client, 'echo fork > /root/note; sync');
  }
  expect(await on(pair.client, 'cat /root/note')).toBe('source');
  const all = [pair, ...pairs].flatMap(({ client, server }) => [client, server]);
  const machineIds = await Promise.all(all.map(async (address) => await on(address, 'cat /etc/machine-id')));
  expect(new Set(machineIds).size).toBe(6);
  const { machines } = await installation.playground(first);
  for (const { identity } of machines) {
    expect(identity?.renewed).toContain('SSH host key');
    expect(Math.abs(identity?.clockSkewMs ?? 10_000)).toBeLessThan(2000);
  }
});

test('a suspended playground goes on where it was, with its connections, at the right time', async () => {
  const before = await countsOn(pair);
  const client = await installation.client();
  const suspended = await client('playground.suspend', { parameters: { playground: id } });
  expect(await installation.ended(suspended.operation.id)).toMatchObject(well);
  expect(await installation.playground(id)).toMatchObject({ status: 'stopped', suspended: true });
  expect(await installation.machineProcesses()).toEqual([]);
  const [child = ''] = await fork(1);
  expect(await countsOn(await pairAddresses(installation, child))).toBeGreaterThanOrEqual(before);
  const restarted = await client('playground.restart', { parameters: { playground: id } });
  expect(await installation.ended(restarted.operation.id, patienceMs)).toMatchObject(well);
  expect(await countsOn(pair)).toBeGreaterThanOrEqual(before);
  expect(await clockSkewMs(async (command) => await on(pair.client, command))).toBeLessThan(2000);
  expect(await installation.playground(id)).toMatchObject({ status: 'running', suspended: false });
});

test('a playground goes back to a snapshot, and forth again to what it was before', async () => {
  const client = await installation.client();
  const parameters = { playground: id };
  await on(pair.client, 'echo before > /root/note');
  const { operation } = await client('playground.snapshot', { parameters, body: {} });
  expect(await installation.ended(operation.id)).toMatchObject(well);
  await on(pair.client, 'echo after > /root/note');
  const later = await countsOn(pair);
  const back = await client('playground.rewind', { parameters, body: { snapshotId: operation.id } });
  expect(await installation.ended(back.operation.id)).toMatchObject(well);
  expect(await on(pair.client, 'cat /root/note')).toBe('before');
  await countsOn(pair);
  const forth = await client('playground.rewind', { parameters, body: { snapshotId: back.operation.id } });
  expect(await installation.ended(forth.operation.id)).toMatchObject(well);
  expect(await on(pair.client, 'cat /root/note')).toBe('after');
  expect(await countsOn(pair)).toBeGreaterThanOrEqual(later);
  const tree = await installation.cli('playground', 'tree', id);
  expect(tree.stdout).toContain('rewind, with memory');
});

test(
  'a stopped playground is forked from its drives; what each writes is its own',
  async () => {
    const client = await installation.client();
    await on(pair.client, 'echo stopped > /root/note');
    const stopped = await client('playground.stop', { parameters: { playground: id } });
    expect(await installation.ended(stopped.operation.id, patienceMs)).toMatchObject(well);
    const [child = ''] = await fork(1);
    const forked = await pairAddresses(installation, child);
    expect(await on(forked.client, 'cat /root/note; echo fork > /root/note')).toBe('stopped');
    const restarted = await client('playground.restart', { parameters: { playground: id } });
    expect(await installation.ended(restarted.operation.id, patienceMs)).toMatchObject(well);
    expect(await on(pair.client, 'cat /root/note')).toBe('stopped');
    expect(await on(pair.client, 'cat /etc/machine-id')).not.toBe(
      await on(forked.client, 'cat /etc/machine-id'),
    );
  },
  testMs,
);

test('destroying a playground leaves nothing of its snapshots', async () => {
  await installation.destroy(id);
  expect(await installation.leftovers()).toEqual([]);
});
