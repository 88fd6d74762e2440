import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test, vi } from 'vitest';
import { Leases } from './leases.ts';
import { objectKeys } from './object-keys.ts';
import { FaultyDriver } from './testing/faulty-driver.ts';
import { hastyTimes, makeFile, makeVault, quickTimes } from './testing/vault-fixture.ts';
import type { VaultDriver } from './vault-driver.ts';

// They move megabytes through worker threads, which takes long where other work has the processors.
vi.setConfig({ testTimeout: 60_000 });

async function count(driver: VaultDriver, prefix: string): Promise<number> {
  return (await Array.fromAsync(driver.list(prefix))).length;
}

/** The same storage, of which a test replaces a method. */
function around(driver: VaultDriver): FaultyDriver {
  return new FaultyDriver(driver, { rate: 0, kinds: [], random: Math.random });
}

test('chunks that no file names any more are deleted, shared ones stay', async () => {
  const { vault, folder, driver } = await makeVault();
  await makeFile(`${folder}/a`, [
    ['random', 2],
    ['text', 1],
  ]);
  await makeFile(`${folder}/b`, [
    ['text', 1],
    ['random', 3],
  ]);
  await vault.store(`${folder}/a`, { name: 'a' });
  await vault.store(`${folder}/b`, { name: 'b' });
  expect(await vault.collect()).toEqual({ removedChunks: 0, removedBytes: 0, complete: true });
  await vault.remove('b');
  const collected = await vault.collect();
  expect(collected).toMatchObject({ removedChunks: 3, complete: true });
  expect(await count(driver, objectKeys.chunks)).toBe(3);
  await vault.verify('a');
  await vault.remove('a');
  await vault.remove('a');
  await vault.collect();
  expect(await count(driver, objectKeys.chunks)).toBe(0);
  expect(await count(driver, objectKeys.leases)).toBe(0);
});

test('an index that cannot be read keeps everything from being deleted', async () => {
  const { vault, folder, driver } = await makeVault();
  for (const name of ['a', 'b']) {
    await makeFile(`${folder}/${name}`, [['random', 1]]);
    await vault.store(`${folder}/${name}`, { name });
  }
  await vault.remove('a');
  const index = await driver.get('files/b');
  await driver.put('files/b', index?.subarray(0, 50) ?? Buffer.alloc(0));
  await expect(vault.collect()).rejects.toMatchObject({ code: 'vault-corrupt' });
  expect(await count(driver, objectKeys.chunks)).toBe(2);
});

test('an index that is there and only said not to be keeps everything from being deleted', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/a`, [['random', 1]]);
  await vault.store(`${folder}/a`, { name: 'a' });
  const lying = around(driver);
  lying.get = async (key) => (key.startsWith(objectKeys.files) ? null : await driver.get(key));
  await expect(another(lying).collect()).rejects.toMatchObject({ code: 'vault-object-missing' });
  await vault.verify('a');
});

test('a collection waits for who stores, in any process', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/a`, [['random', 3]]);
  const slow = around(driver);
  slow.put = async (key, bytes) => {
    if (key.startsWith(objectKeys.chunks)) await sleep(150);
    await driver.put(key, bytes);
  };
  const storing = another(slow).store(`${folder}/a`, { name: 'a' });
  while ((await count(driver, objectKeys.leases)) === 0) await sleep(5);
  expect(await vault.collect()).toEqual({ removedChunks: 0, removedBytes: 0, complete: true });
  await storing;
  await vault.verify('a');
});

test('chunks that are garbage while their file is stored again survive, whatever the order', async () => {
  const { vault, folder, another } = await makeVault();
  await makeFile(`${folder}/a`, [['random', 4]]);
  const collector = another();
  for (let round = 0; round < 8; round++) {
    await vault.store(`${folder}/a`, { name: 'a' });
    await vault.remove('a');
    const late = sleep(round * 4).then(async () => await collector.collect());
    const [stored] = await Promise.all([vault.store(`${folder}/a`, { name: 'a' }), late]);
    expect(await vault.verify('a')).toMatchObject({ digest: stored.digest });
  }
});

test('a collector gives way to who wants to store', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/garbage`, [['random', 34]]);
  await makeFile(`${folder}/a`, [['random', 1]]);
  await vault.store(`${folder}/garbage`, { name: 'garbage' });
  await vault.remove('garbage');
  const slow = around(driver);
  let storing: Promise<unknown> | undefined;
  slow.remove = async (key) => {
    if (key.startsWith(objectKeys.chunks)) {
      storing ??= vault.store(`${folder}/a`, { name: 'a' });
      await sleep(50);
    }
    await driver.remove(key);
  };
  expect(await another(slow).collect()).toMatchObject({ removedChunks: 32, complete: false });
  await storing;
  await vault.verify('a');
});

test('who died while storing or collecting holds nobody up for long', async () => {
  const { vault, folder, driver } = await makeVault(undefined, hastyTimes);
  await makeFile(`${folder}/a`, [['random', 1]]);
  await vault.check();
  for (const name of ['store-dead', 'collect-dead'])
    await driver.put(objectKeys.lease(name), Buffer.from('7\n'));
  await vault.store(`${folder}/a`, { name: 'a' });
  expect(await vault.collect()).toMatchObject({ complete: true });
  expect(await count(driver, objectKeys.leases)).toBe(0);
});

test('a storer that was taken for dead looks at every chunk again', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/a`, [['random', 2]]);
  await vault.store(`${folder}/a`, { name: 'a' });
  await vault.remove('a');
  const stalled = around(driver);
  let rounds = 0;
  stalled.put = async (key, bytes) => {
    if (key.startsWith(objectKeys.files) && rounds++ === 0) {
      // As after a long stop of the process: its lease is removed, its chunks are collected.
      for await (const lease of driver.list(objectKeys.leases)) await driver.remove(lease.key);
      for await (const chunk of driver.list(objectKeys.chunks)) await driver.remove(chunk.key);
    }
    await driver.put(key, bytes);
  };
  await another(stalled).store(`${folder}/a`, { name: 'a' });
  // More than once again where this process itself is slow.
  expect(rounds).toBeGreaterThan(1);
  await vault.verify('a');
});

test('a holder whose renewals paused for too long is told that its lease lapsed', async () => {
  const { driver } = await makeVault();
  const times = { ...quickTimes, storerMs: 200 };
  const paused = around(driver);
  let puts = 0;
  paused.put = async (key, bytes) => {
    if (++puts > 1) await sleep(times.storerMs);
    await driver.put(key, bytes);
  };
  const stood = await new Leases(paused, times).hold('store', async (stillStands) => {
    await sleep(2 * times.renewMs);
    return await stillStands();
  });
  expect(stood).toBe(false);
});

test('a crash in the middle of a collection leaves what the next one deletes', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/a`, [['random', 4]]);
  await vault.store(`${folder}/a`, { name: 'a' });
  await vault.remove('a');
  const dying = around(driver);
  let removed = 0;
  dying.remove = async (key) => {
    if (++removed > 2) throw new PlayhouseError('vault-unreachable', { where: 'there', detail: 'gone' });
    await driver.remove(key);
  };
  await expect(another(dying).collect()).rejects.toMatchObject({ code: 'vault-unreachable' });
  expect(await count(driver, objectKeys.chunks)).toBe(2);
  // What had no answer may still be done: who stores next waits it out.
  expect(await count(driver, objectKeys.leases)).toBe(1);
  expect(await vault.collect()).toMatchObject({ removedChunks: 2, complete: true });
});
