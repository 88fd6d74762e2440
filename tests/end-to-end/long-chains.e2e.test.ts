// A playground that is cut again and again, on real machines: its chain is merged while it runs, it goes on from the merged layer,
// and a drill boots what the vault has of that. It takes some minutes, so it runs only with PLAYHOUSE_LONG_TESTS=1; what each
// part does is tested without machines in merge-layers, merge-chains and restore-copy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { longestChain } from '../../packages/engine/src/playgrounds/storage/merge-chains.ts';
import { Installation } from './support/installation.ts';
import { smallMachine } from './support/small-machine.ts';
import { until } from './support/until.ts';

const wanted = process.env['PLAYHOUSE_LONG_TESTS'] === '1';
const well = { status: 'succeeded', error: null };
const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  if (wanted) installation = resources.use(await Installation.running());
});
afterAll(async () => await resources.disposeAsync());

test.runIf(wanted)(
  'a long chain is merged, gone on from, and comes back from the vault',
  async () => {
    const client = await installation.client();
    const { playground, operation } = await installation.start(smallMachine, 'flexbox');
    expect(await installation.ended(operation.id)).toMatchObject(well);
    const { id } = playground;
    const parameters = { playground: id };
    const on = async (command: string) => {
      const address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
      const { code, stdout, stderr } = await installation.ssh(address, 'root', command);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout.trim();
    };
    const ended = async ({ operation: { id: operationId } }: { operation: { id: string } }) =>
      expect(await installation.ended(operationId)).toMatchObject(well);
    await on('mkdir /root/kept');
    for (let cut = 0; cut <= longestChain; cut += 1) {
      const file = `/root/kept/${cut}`;
      await on(
        `head -c 2M /dev/urandom > ${file}; head -c 2M /dev/urandom > /root/gone; rm -f /root/gone; sync; fstrim /`,
      );
      await ended(await client('playground.snapshot', { parameters, body: { memory: false } }));
    }
    await on('cd /root/kept && sha256sum * > /root/sums; sync');
    const merged = async () =>
      (await client('layer.list')).layers.find(({ mergedFrom }) => mergedFrom.length > 0);
    // It is looked for every minute.
    await until('the chain to be merged', async () => (await merged()) !== undefined, undefined, 240_000);
    expect((await merged())?.mergedFrom).toHaveLength(longestChain + 1);
    await ended(await client('playground.stop', { parameters }));
    const { snapshotId } = await installation.playground(id);
    const snapshot = async () =>
      (await client('snapshot.list')).snapshots.find((each) => each.id === snapshotId);
    const layer = (await merged())?.id;
    expect((await snapshot())?.machines[0]?.drives[0]?.layers).toEqual([layer, expect.any(String)]);
    await until('the vault to have it', async () => (await snapshot())?.offloadedAt !== null);

    await ended(await client('vault.drill', { body: { snapshotId } }));
    expect(await snapshot()).toMatchObject({ verifiedAt: expect.any(String), verifyFailure: null });
    expect((await client('playground.list', { query: { all: 'true' } })).playgrounds).toHaveLength(1);

    await ended(await client('playground.restart', { parameters }));
    await on(
      'cd /root/kept && sha256sum --check --status /root/sums; dmesg | grep -ci "ext4.*error" | grep -qx 0',
    );
    await installation.destroy(id);
    await until('all layers to go', async () => (await client('layer.list')).layers.length === 0);
    expect(await installation.leftovers()).toEqual([]);
  },
  900_000,
);
