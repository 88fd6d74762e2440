// The vault on a real S3 server, and what happens when that server refuses, dies, or says nothing any more.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeVaultDriver } from '../../packages/engine/src/vault/vault-driver.contract.ts';
import type { VaultDriver } from '../../packages/engine/src/vault/vault-driver.ts';
import { Vault } from '../../packages/engine/src/vault/vault.ts';
import { S3Server } from './support/s3-server.ts';
import { BreakingProxy } from './support/breaking-proxy.ts';

const mebibyte = 1024 ** 2;

describe('the S3 driver', () => {
  let server: S3Server;
  let folder = '';
  let vaults: Vault[] = [];
  beforeAll(async () => {
    server = await S3Server.start();
    folder = await mkdtemp('/tmp/phv-');
  });
  afterAll(async () => {
    for (const vault of vaults) await vault.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  describeVaultDriver(async () => await Promise.resolve(server.driver()));

  const openVault = (driver: VaultDriver, key = 'vault.key'): Vault => {
    const vault = new Vault({ driver, keyFile: `${folder}/${key}` });
    vaults = [...vaults, vault];
    return vault;
  };

  /** Each way to ask the driver for something. */
  const requests = (driver: VaultDriver) => [
    async () => await driver.put('records/a', Buffer.from('x')),
    async () => await driver.get('records/a'),
    async () => await driver.has('records/a'),
    async () => await Array.fromAsync(driver.list('')),
    async () => await driver.remove('records/a'),
  ];

  test('wrong credentials are refused in the words of the server, and nobody reads the secret', async () => {
    const wrong = randomBytes(12).toString('hex');
    for (const options of [
      { accessKeyId: 'nobody' },
      { readSecret: async () => await Promise.resolve(wrong) },
    ]) {
      for (const request of requests(server.driver(options))) {
        const error: unknown = await request().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({ code: 'vault-refused' });
        expect((error as Error).message).not.toMatch(new RegExp(`${wrong}|${server.secret}`));
      }
    }
  });

  test('a bucket that is missing is told, not taken for an empty one', async () => {
    await expect(openVault(server.driver({ bucket: 'nowhere' })).check()).rejects.toMatchObject({
      code: 'vault-refused',
      message: expect.stringMatching(/bucket nowhere.*NoSuchBucket/),
    });
  });

  test('a file goes there and comes back, is collected when it has no name, and needs its key', async () => {
    const prefix = 'a-vault';
    const vault = openVault(server.driver({ prefix }));
    const bytes = Buffer.concat([randomBytes(9 * mebibyte), Buffer.alloc(9 * mebibyte), randomBytes(100)]);
    await writeFile(`${folder}/file`, bytes);
    const { digest, sentBytes } = await vault.store(`${folder}/file`, { name: 'file' });
    expect(sentBytes).toBeLessThan(10 * mebibyte);
    const other = openVault(server.driver({ prefix }));
    expect(await other.restore('file', `${folder}/back`)).toMatchObject({ digest });
    expect((await readFile(`${folder}/back`)).equals(bytes)).toBe(true);
    await vault.putRecord('snapshots/a', { digest });
    expect(await other.getRecord('snapshots/a')).toEqual({ digest });
    await expect(openVault(server.driver({ prefix }), 'other.key').check()).rejects.toMatchObject({
      code: 'vault-key-wrong',
    });
    await vault.remove('file');
    expect(await other.collect()).toMatchObject({ complete: true, removedChunks: 4 });
    expect(await Array.fromAsync(server.driver({ prefix }).list('chunks/'))).toEqual([]);
  });

  test('a server that dies in the middle and comes back gets only what it lacks', async () => {
    const prefix = 'resumed';
    const vault = openVault(server.driver({ prefix, attempts: 2 }));
    await writeFile(`${folder}/large`, randomBytes(64 * mebibyte));
    let killed: Promise<void> | undefined;
    const progress = (doneBytes: number) => {
      if (doneBytes > 24 * mebibyte) killed ??= server.kill();
    };
    await expect(vault.store(`${folder}/large`, { name: 'large', progress })).rejects.toMatchObject({
      code: 'vault-unreachable',
    });
    await killed;
    await expect(vault.find('large')).rejects.toMatchObject({ code: 'vault-unreachable' });
    await server.resume();
    expect(await vault.find('large')).toBeNull();
    const { digest, sentBytes } = await vault.store(`${folder}/large`, { name: 'large' });
    expect(sentBytes).toBeLessThan(52 * mebibyte);
    expect(await vault.verify('large')).toMatchObject({ digest });
    const restoring = vault.restore('large', `${folder}/large.back`, {
      progress: (doneBytes) => {
        if (doneBytes > 24 * mebibyte) killed = server.kill();
      },
    });
    await expect(restoring).rejects.toMatchObject({ code: 'vault-unreachable' });
    expect((await readdir(folder)).filter((name) => name.startsWith('large.'))).toEqual([]);
    await killed;
    await server.resume();
    expect(await vault.restore('large', `${folder}/large.back`)).toMatchObject({ digest });
  });

  test('a server that holds connections and says nothing is given up, and used again when it is back', async () => {
    const driver = server.driver({ prefix: 'stalled', stallMs: 1500, attempts: 2 });
    // Not one of those that the requests are about: a server may well do later what it gave no answer to.
    await server.driver({ prefix: 'stalled' }).put('records/kept', randomBytes(mebibyte));
    await server.stall(async () => {
      for (const request of requests(driver)) {
        const began = performance.now();
        await expect(request()).rejects.toMatchObject({ code: 'vault-unreachable' });
        expect(performance.now() - began).toBeLessThan(20_000);
      }
    });
    expect((await driver.get('records/kept'))?.byteLength).toBe(mebibyte);
  });

  test('an answer that stops in the middle is asked for again', async () => {
    await using proxy = await BreakingProxy.start(server.endpoint, 300_000);
    const driver = server.driver({
      endpoint: proxy.endpoint,
      prefix: 'broken-off',
      stallMs: 1000,
      attempts: 4,
    });
    const bytes = randomBytes(4 * mebibyte);
    await driver.put('records/a', bytes);
    proxy.stalls = 2;
    expect((await driver.get('records/a'))?.equals(bytes)).toBe(true);
    expect(proxy.stalls).toBe(0);
    proxy.stalls = 4;
    const length = async () => (await driver.get('records/a'))?.byteLength;
    await expect(length()).rejects.toMatchObject({ code: 'vault-unreachable' });
    driver.close();
  });

  test('a cancelled store ends at once, also while the server stalls', async () => {
    const vault = openVault(server.driver({ prefix: 'cancelled' }));
    await vault.check();
    await writeFile(`${folder}/small`, randomBytes(20 * mebibyte));
    const stop = new AbortController();
    await server.stall(async () => {
      const storing = vault.store(`${folder}/small`, { name: 'small', signal: stop.signal });
      setTimeout(() => stop.abort(), 200);
      const began = performance.now();
      await expect(storing).rejects.toMatchObject({ code: 'cancelled' });
      // Its lease is taken back in vain: that is given up after the connection’s time-out.
      expect(performance.now() - began).toBeLessThan(10_000);
    });
    expect(await vault.find('small')).toBeNull();
  });
});
