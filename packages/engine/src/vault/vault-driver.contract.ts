// What every vault driver must do, as a suite that runs over each of them with real storage.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { largestObjectBytes, type VaultDriver } from './vault-driver.ts';

/** Registers the suite; `open` is called for each test and gives a driver on a place of its own, empty at first. */
export function describeVaultDriver(open: () => Promise<VaultDriver>): void {
  const keysOf = async (driver: VaultDriver, prefix: string) => {
    const found: string[] = [];
    for await (const { key } of driver.list(prefix)) found.push(key);
    return found.toSorted();
  };

  test('what was put is had, read and listed, byte for byte', async () => {
    const driver = await open();
    for (const size of [0, 1, 4097, largestObjectBytes]) {
      const bytes = randomBytes(size);
      const key = `chunks/ab/size-${size}`;
      await driver.put(key, bytes);
      expect(await driver.has(key)).toBe(true);
      expect((await driver.get(key))?.equals(bytes)).toBe(true);
      const [listed] = await Array.fromAsync(driver.list(key));
      expect(listed).toEqual({ key, sizeBytes: size });
    }
  });

  test('keys may hold dots, colons, at-signs and dashes', async () => {
    const driver = await open();
    const keys = ['files/sha256:00ff', 'files/a.b_c-d', 'files/debian-12@1:2', 'files/x', 'files/x.y'];
    for (const key of keys) await driver.put(key, Buffer.from(key));
    for (const key of keys) expect((await driver.get(key))?.toString()).toBe(key);
    expect(await keysOf(driver, 'files/')).toEqual(keys.toSorted());
  });

  test('what is not there is null, absent, not listed and silently removed', async () => {
    const driver = await open();
    expect(await driver.get('records/none')).toBeNull();
    expect(await driver.has('records/none')).toBe(false);
    expect(await keysOf(driver, 'records/')).toEqual([]);
    await driver.remove('records/none');
    await driver.put('records/some', randomBytes(10));
    expect(await driver.get('records/none')).toBeNull();
    expect(await driver.has('records')).toBe(false);
  });

  test('a put replaces and may be repeated', async () => {
    const driver = await open();
    for (const text of ['first, and longer', 'second', 'second']) {
      await driver.put('records/a', Buffer.from(text));
      expect((await driver.get('records/a'))?.toString()).toBe(text);
    }
    expect(await keysOf(driver, '')).toEqual(['records/a']);
  });

  test('who reads while it is replaced sees one whole object or the other', async () => {
    const driver = await open();
    const contents = [Buffer.alloc(300_000, 1), Buffer.alloc(200_000, 2)] as const;
    await driver.put('records/a', contents[0]);
    const state = { writing: true };
    const writer = (async () => {
      for (let round = 0; round < 20; round++)
        await driver.put('records/a', contents[round % 2 === 0 ? 1 : 0]);
      state.writing = false;
    })();
    while (state.writing) {
      const seen = await driver.get('records/a');
      expect(contents.some((content) => seen?.equals(content))).toBe(true);
    }
    await writer;
  });

  test('a prefix is a beginning of keys, not a folder', async () => {
    const driver = await open();
    for (const key of ['chunks/ab/1', 'chunks/ac/2', 'chunks/b', 'files/a'])
      await driver.put(key, Buffer.from('x'));
    expect(await keysOf(driver, 'chunks/a')).toEqual(['chunks/ab/1', 'chunks/ac/2']);
    expect(await keysOf(driver, 'chunks/')).toEqual(['chunks/ab/1', 'chunks/ac/2', 'chunks/b']);
    expect(await keysOf(driver, '')).toEqual(['chunks/ab/1', 'chunks/ac/2', 'chunks/b', 'files/a']);
    expect(await keysOf(driver, 'nothing/')).toEqual([]);
  });

  test('more objects than fit into one answer are all listed', async () => {
    const driver = await open();
    const keys = Array.from({ length: 1100 }, (_, at) => `records/${String(at).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map(async (key) => await driver.put(key, Buffer.from('x'))));
    }
    expect(await keysOf(driver, 'records/')).toEqual(keys);
  }, 120_000);

  test('a removed object is gone, its neighbours are not', async () => {
    const driver = await open();
    for (const key of ['files/a', 'files/b']) await driver.put(key, Buffer.from(key));
    await driver.remove('files/a');
    await driver.remove('files/a');
    expect(await keysOf(driver, 'files/')).toEqual(['files/b']);
    await driver.put('files/a', Buffer.from('again'));
    expect((await driver.get('files/a'))?.toString()).toBe('again');
  });

  test('an aborted signal is told as cancelled and leaves nothing', async () => {
    const driver = await open();
    const signal = AbortSignal.abort();
    await expect(driver.put('files/a', randomBytes(1000), signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(driver.get('files/a', signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await keysOf(driver, '')).toEqual([]);
  });

  test('a key that leads elsewhere is refused before anything is done', async () => {
    const driver = await open();
    for (const key of ['../a', '/a', 'a//b', 'a/../b', '.hidden', 'a/.b', '', 'a b', 'a/', 'x'.repeat(200)]) {
      await expect(driver.put(key, Buffer.from('x'))).rejects.toThrow(TypeError);
    }
    expect(await keysOf(driver, '')).toEqual([]);
  });
}
