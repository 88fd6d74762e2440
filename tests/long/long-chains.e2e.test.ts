// One playground, cut again and again, on real machines: two of its moments are compared, its chain is merged while it runs, it goes
// on from the merged layer, and a drill boots what the vault has of that. What each part does is
// tested without machines in compare-script, merge-layers, merge-chains, restore-copy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from '../end-to-end/support/installation.ts';
import { smallMachine } from '../end-to-end/support/small-machine.ts';
import { until } from '../end-to-end/support/until.ts';

const longestChain = 6;
const well = { status: 'succeeded', error: null };
const resources = new AsyncDisposableStack();
let installation: Installation;
let client: Awaited<ReturnType<Installation['client']>>;
let id: string;

const ended = async ({ operation }: { operation: { id: string } }) =>
  expect(await installation.ended(operation.id)).toMatchObject(well);
const on = async (command: string) => {
  const address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
  const { code, stderr } = await installation.ssh(address, 'root', command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};
const snapshotOf = async (snapshotId: string | null) =>
  (await client('snapshot.list')).snapshots.find((each) => each.id === snapshotId);
const cut = async () => {
  const kept = await client('playground.snapshot', {
    parameters: { playground: id },
    body: { memory: false },
  });
  await ended(kept);
  return kept.operation.id;
};

beforeAll(async () => {
  installation = resources.use(await Installation.running({ engine: [`longestChain: ${longestChain}`] }));
  client = await installation.client();
  const started = await installation.start(smallMachine, 'flexbox');
  await ended(started);
  id = started.playground.id;
});
afterAll(async () => await resources.disposeAsync());

test('two moments of a playground are compared: files, packages, ports', async () => {
  const diff = async (from: string, to: string) => {
    const { operation } = await client('playground.diff', { body: { from, to } });
    await ended({ operation });
    return (await client('playground.diff-result', { parameters: { operation: operation.id } })).comparison;
  };
  await on('echo first > /root/changed; echo gone > /root/gone; sync');
  const kept = await cut();
  const version = 'sed -i "0,/^Version: /s//Version: 99/" /var/lib/dpkg/status';
  await on(
    `echo second, longer > /root/changed; rm /root/gone; echo new > "/root/a new one"; ${version}; sync`,
  );
  const [machine] = (await diff(kept, id)).machines;
  const files = machine?.drives.flatMap((drive) => drive.files) ?? [];
  expect(files).toContainEqual({ change: 'changed', path: '/root/changed', sizeBefore: 6, sizeAfter: 15 });
  expect(files).toContainEqual({ change: 'removed', path: '/root/gone', sizeBefore: 5, sizeAfter: null });
  expect(files).toContainEqual({ change: 'added', path: '/root/a new one', sizeBefore: null, sizeAfter: 4 });
  expect(files.length).toBeLessThan(200);
  const [changed, ...others] = machine?.packages ?? [];
  expect(others).toEqual([]);
  expect(changed?.after).toBe(`99${changed?.before ?? ''}`);
  expect(machine?.ports.before).toBeNull();
  expect(machine?.ports.after).toContain('tcp 0.0.0.0:22');
  expect((await diff(kept, kept)).machines).toMatchObject([{ drives: [], packages: [] }]);
  // What was cut in passing: the playground is where it was, the next diff takes it away, and whoever likes may, too.
  expect((await installation.playground(id)).snapshotId).toBe(kept);
  const cuts = async () =>
    (await client('snapshot.list')).snapshots.flatMap((each) => (each.origin === 'diff' ? [each.id] : []));
  const [first] = await cuts();
  await diff(kept, id);
  const [second, ...older] = await cuts();
  expect({ older, isNew: second !== first }).toEqual({ older: [], isNew: true });
  await ended(await client('snapshot.remove', { parameters: { snapshot: second ?? '' } }));
  expect(await cuts()).toEqual([]);
});

test('a long chain is merged, gone on from, and comes back from the vault', async () => {
  const parameters = { playground: id };
  await on('mkdir /root/kept');
  for (let count = 0; count <= longestChain; count += 1) {
    const written = `head -c 2M /dev/urandom > /root/kept/${count}; head -c 2M /dev/urandom > /root/gone`;
    await on(`${written}; rm -f /root/gone; sync; fstrim /`);
    await cut();
  }
  await on('cd /root/kept && sha256sum * > /root/sums; sync');
  // It is there a moment before the playground knows of it.
  const merged = async () =>
    (await client('layer.list')).layers.find(
      ({ mergedFrom, owners }) => mergedFrom.length > 0 && owners.length > 0,
    );
  // It is looked for every minute.
  await until('the chain to be merged', async () => (await merged()) !== undefined, undefined, 240_000);
  expect((await merged())?.mergedFrom.length).toBeGreaterThan(longestChain);
  await ended(await client('playground.stop', { parameters }));
  const { snapshotId } = await installation.playground(id);
  const layers = (await snapshotOf(snapshotId))?.machines[0]?.drives[0]?.layers ?? [];
  expect(layers[0]).toBe((await merged())?.id);
  expect(layers.length).toBeLessThan(longestChain);
  await until(
    'the vault to have it',
    async () => (await snapshotOf(snapshotId))?.offloadedAt !== null,
    undefined,
    240_000,
  );

  await ended(await client('vault.drill', { body: { snapshotId } }));
  const proven = { verifiedAt: expect.any(String) as string, verifyFailure: null };
  expect(await snapshotOf(snapshotId)).toMatchObject(proven);
  expect((await client('playground.list', { query: { all: 'true' } })).playgrounds).toHaveLength(1);

  await ended(await client('playground.restart', { parameters }));
  await on('cd /root/kept && sha256sum --check --status /root/sums && ! dmesg | grep -i "ext4.*error" >&2');
  await installation.destroy(id);
  await until('all layers to go', async () => (await client('layer.list')).layers.length === 0);
  expect(await installation.leftovers()).toEqual([]);
}, 900_000);
