import { chmod, rm, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LayerStore } from '../layers/layer-store.ts';
import { sampleSnapshot } from '../testing/sample-snapshot.ts';
import { MemoryDriver } from '../vault/testing/memory-driver.ts';
import { hastyTimes, makeVault } from '../vault/testing/vault-fixture.ts';
import type { LeaseTimes } from '../vault/leases.ts';
import type { VaultDriver } from '../vault/vault-driver.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { VaultKeeper } from './vault-keeper.ts';

const id = (digit: string) => digit.repeat(24);

/** A playroom with one snapshot for each digit, of one layer of its own, and a keeper that tries again soon. */
async function open(digits: readonly string[], makeDriver?: () => VaultDriver, leaseTimes?: LeaseTimes) {
  const { vault, folder } = await makeVault(makeDriver, leaseTimes);
  const [layers, snapshots] = [new LayerStore(`${folder}/layers`), new SnapshotStore(`${folder}/snapshots`)];
  await layers.load();
  await snapshots.load();
  const [machine] = sampleSnapshot(id('a')).machines;
  for (const digit of digits) {
    await writeFile(`${folder}/file`, digit);
    await layers.adopt(`${folder}/file`, `layer-${digit}`, 'disk');
    const drives = [{ layer: null, sizeBytes: 1, layers: [`layer-${digit}`] }];
    const createdAt = `2026-01-01T00:00:0${digits.indexOf(digit)}Z`;
    const machines = machine ? [{ ...machine, drives }] : [];
    await snapshots.save(sampleSnapshot(id(digit), { createdAt, machines }));
  }
  const log = { info: vi.fn(), warn: vi.fn() };
  const keeper = new VaultKeeper({
    vault,
    snapshots,
    layers,
    removals: `${folder}/removals`,
    log,
    retryMs: 20,
  });
  onTestFinished(async () => await keeper.close());
  const offloaded = () => snapshots.all().flatMap((each) => (each.offloadedAt === null ? [] : [each.id]));
  return { keeper, layers, snapshots, vault, offloaded, log };
}

test('a snapshot that cannot be stored holds up no other, says why, and is stored once it can be', async () => {
  const { keeper, layers, snapshots, offloaded } = await open(['a', 'b', 'c']);
  await rm(layers.path('layer-a'), { force: true });
  keeper.wake();
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('b'), id('c')]);
  await expect
    .poll(() => keeper.troubleOf(snapshots.get(id('a'))))
    .toMatchObject({ message: expect.any(String) as string });
  expect(keeper.troubleOf(snapshots.get(id('b')))).toBeNull();
  await writeFile(layers.path('layer-a'), 'a');
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('a'), id('b'), id('c')]);
  await expect.poll(() => keeper.troubleOf(snapshots.get(id('a')))).toBeNull();
});

test('a layer that was changed after its digest was computed is named, and the vault does not keep it', async () => {
  const { keeper, layers, snapshots, vault, offloaded } = await open(['a', 'b']);
  await layers.seal('layer-a');
  await chmod(layers.path('layer-a'), 0o600);
  await writeFile(layers.path('layer-a'), 'X');
  keeper.wake();
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('b')]);
  await expect.poll(() => keeper.troubleOf(snapshots.get(id('a')))?.code).toBe('file-damaged');
  expect(layers.get('layer-a').offloadedAt).toBeNull();
  await keeper.close();
  expect(await vault.find('layer-layer-a')).toBeNull();
});

test('a copy in the vault that is found damaged is told, until it is found right again', async () => {
  const { keeper, snapshots, layers, vault, offloaded } = await open(['a']);
  keeper.wake();
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('a')]);
  const voice = { signal: new AbortController().signal, detail: () => {} };
  const verify = async () => await keeper.verify(snapshots.get(id('a')), false, voice);
  await verify();
  const { verifiedAt } = snapshots.get(id('a'));
  await vault.remove('layer-layer-a');
  await expect(verify()).rejects.toMatchObject({ code: 'vault-object-missing' });
  expect(snapshots.get(id('a'))).toMatchObject({
    verifiedAt,
    verifyFailure: { code: 'vault-object-missing' },
  });
  await vault.store(layers.path('layer-a'), { name: 'layer-layer-a' });
  await verify();
  expect(snapshots.get(id('a')).verifyFailure).toBeNull();
});

test('while the vault is full, all that it lacks say so; afterwards it gets them', async () => {
  const driver = new MemoryDriver();
  const put = driver.put.bind(driver);
  let full = true;
  driver.put = async (...of) => {
    if (full) throw new PlayhouseError('vault-full', { where: 'in memory' });
    await put(...of);
  };
  const { keeper, snapshots, offloaded } = await open(['a', 'b'], () => driver);
  keeper.wake();
  for (const digit of ['a', 'b'])
    await expect.poll(() => keeper.troubleOf(snapshots.get(id(digit)))?.code).toBe('vault-full');
  full = false;
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('a'), id('b')]);
  expect(keeper.troubleOf(snapshots.get(id('b')))).toBeNull();
});

test('what is to be removed waits for an engine that died while it stored; what is to be stored does not', async () => {
  const driver = new MemoryDriver();
  const { keeper, vault, offloaded } = await open(['a', 'b'], () => driver, hastyTimes);
  await vault.check();
  const dead = 'leases/store-dead';
  await driver.put(dead, Buffer.from('1'));
  // It dies when all is stored: were that to wait for it, neither would ever come to an end.
  const get = driver.get.bind(driver);
  let renewals = 0;
  driver.get = async (key, ...rest) =>
    key === dead && offloaded().length < 2 ? Buffer.from(String(++renewals)) : await get(key, ...rest);
  const remove = driver.remove.bind(driver);
  let whenGivenUp: readonly string[] | null = null;
  driver.remove = async (key, ...rest) => {
    if (key === dead) whenGivenUp = offloaded();
    await remove(key, ...rest);
  };
  await keeper.forget([id('f')], ['layer-f']);
  await expect.poll(() => whenGivenUp, { timeout: 8000 }).toEqual([id('a'), id('b')]);
});

test('a snapshot that goes while the vault gets it is no trouble, and does not come back', async () => {
  const driver = new MemoryDriver();
  const { keeper, layers, snapshots, offloaded, log } = await open(['a', 'b'], () => driver);
  const put = driver.put.bind(driver);
  driver.put = async (key, ...rest) => {
    await put(key, ...rest);
    if (snapshots.find(id('a')) === null) return;
    await snapshots.remove(id('a'));
    await keeper.forget([id('a')], await layers.collect(new Set(['layer-b'])));
  };
  keeper.wake();
  await expect.poll(offloaded, { timeout: 5000 }).toEqual([id('b')]);
  await keeper.close();
  expect(snapshots.all().map((snapshot) => snapshot.id)).toEqual([id('b')]);
  expect(layers.all().map((layer) => layer.id)).toEqual(['layer-b']);
  expect(log.warn).not.toHaveBeenCalled();
});
