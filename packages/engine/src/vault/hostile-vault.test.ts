// Storage that lies, loses, breaks off and runs full: nothing wrong is ever given out, and everything can be done again.
import { readdir, readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test, vi } from 'vitest';
import { chunkBytes } from '../chunks/chunk-size.ts';
import { objectKeys } from './object-keys.ts';
import { seal } from './sealed.ts';
import { type Fault, FaultyDriver, faults, seededRandom } from './testing/faulty-driver.ts';
import { hastyTimes, makeFile, makeVault, type VaultFixture } from './testing/vault-fixture.ts';
import { openVaultKey } from './vault-key.ts';

// They move megabytes through worker threads, which takes long where other work has the processors.
vi.setConfig({ testTimeout: 60_000 });

const parts = [
  ['random', 1],
  ['hole', 1],
  ['text', 1],
  ['random', 1],
] as const;

const expected = /^vault-(unreachable|refused|full|object-missing|corrupt|key-wrong)$/;

/** A vault on faulty storage beside a sound one on the same. */
async function makeFaulty(seed: number, rate: number, kinds: readonly Fault[]) {
  const fixture = await makeVault(undefined, hastyTimes);
  await fixture.vault.check();
  const driver = new FaultyDriver(fixture.driver, { rate, kinds, random: seededRandom(seed) });
  return { ...fixture, sound: fixture.driver, faulty: fixture.another(driver), driver };
}

async function keysOf({ driver }: Pick<VaultFixture, 'driver'>, prefix: string): Promise<string[]> {
  return (await Array.fromAsync(driver.list(prefix))).map(({ key }) => key);
}

test.each(Array.from({ length: 8 }, (_, seed) => seed))(
  'whatever goes wrong, what is given out is right, and it succeeds in the end: seed %i',
  async (seed) => {
    const { vault, faulty, driver, folder } = await makeFaulty(seed, 0.15, faults);
    await makeFile(`${folder}/file`, parts.slice(0, 3), 777);
    const whole = await readFile(`${folder}/file`);
    const untilDone = async <Result>(action: () => Promise<Result>): Promise<Result> => {
      for (let round = 0; ; round++) {
        if (round === 30) driver.plan = { ...driver.plan, rate: 0 };
        try {
          return await action();
        } catch (error) {
          if (!(error instanceof PlayhouseError) || !expected.test(error.code)) throw error;
        }
      }
    };
    const { digest } = await untilDone(async () => await faulty.store(`${folder}/file`, { name: 'file' }));
    // It is really there, for who has sound storage.
    await vault.restore('file', `${folder}/sound`);
    expect((await readFile(`${folder}/sound`)).equals(whole)).toBe(true);
    await untilDone(async () => await faulty.restore('file', `${folder}/back`));
    expect((await readFile(`${folder}/back`)).equals(whole)).toBe(true);
    expect(await untilDone(async () => await faulty.verify('file'))).toMatchObject({ digest });
    await untilDone(async () => await faulty.collect());
    expect(await vault.verify('file')).toMatchObject({ digest });
    expect((await readdir(folder)).filter((name) => name.includes('restoring'))).toEqual([]);
  },
);

test('a store that broke off goes on where it was', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/file`, [['random', 8]]);
  let puts = 0;
  const broken = new FaultyDriver(driver, { rate: 0, kinds: [], random: Math.random });
  broken.put = async (key, bytes) => {
    if (key.startsWith(objectKeys.chunks) && ++puts > 5) {
      throw new PlayhouseError('vault-unreachable', { where: 'there', detail: 'gone' });
    }
    await driver.put(key, bytes);
  };
  await expect(another(broken).store(`${folder}/file`, { name: 'file' })).rejects.toMatchObject({
    code: 'vault-unreachable',
  });
  expect(await vault.find('file')).toBeNull();
  const { sentBytes } = await vault.store(`${folder}/file`, { name: 'file' });
  expect(sentBytes).toBeLessThan(3.1 * chunkBytes);
  await vault.verify('file');
});

test.each(['truncate', 'flip', 'swap'] as const)(
  'an object that lasts as %s is named, not used',
  async (kind) => {
    const { vault, sound, faulty, driver, folder } = await makeFaulty(1, 0, [kind]);
    await makeFile(`${folder}/file`, parts);
    await vault.store(`${folder}/file`, { name: 'file' });
    await vault.store(`${folder}/file`, { name: 'other' });
    await vault.putRecord('record', 1);
    await vault.putRecord('another', 2);
    await faulty.check();
    driver.plan = { ...driver.plan, rate: 1 };
    const corrupt = (object: string) => ({
      code: 'vault-corrupt',
      message: expect.stringContaining(object) as string,
    });
    await expect(faulty.restore('file', `${folder}/back`)).rejects.toMatchObject(corrupt('files/file'));
    await expect(faulty.getRecord('record')).rejects.toMatchObject(corrupt('records/record'));
    const lie = driver.get.bind(driver);
    driver.get = async (key) => await (key.startsWith(objectKeys.files) ? sound.get(key) : lie(key));
    await expect(faulty.restore('file', `${folder}/back`)).rejects.toMatchObject(corrupt('chunks/'));
    await expect(faulty.verify('file', { sample: 1 })).rejects.toMatchObject(corrupt('`file`'));
    expect(await readdir(folder)).not.toContain('back');
  },
);

test('a bit that flips once on the way is asked for again', async () => {
  const { vault, folder, driver, another } = await makeVault();
  await makeFile(`${folder}/file`, parts);
  await vault.store(`${folder}/file`, { name: 'file' });
  const seen = new Set<string>();
  const once = new FaultyDriver(driver, { rate: 0, kinds: [], random: Math.random });
  once.get = async (key) => {
    const bytes = await driver.get(key);
    if (bytes && !seen.has(key)) bytes[bytes.byteLength >> 1] = (bytes[bytes.byteLength >> 1] ?? 0) ^ 4;
    seen.add(key);
    return bytes;
  };
  await another(once).restore('file', `${folder}/back`);
  expect((await readFile(`${folder}/back`)).equals(await readFile(`${folder}/file`))).toBe(true);
});

test('a lost chunk is named with its file, and storing again brings it back', async () => {
  const { vault, folder, driver } = await makeVault();
  await makeFile(`${folder}/file`, [['random', 3]]);
  await vault.store(`${folder}/file`, { name: 'layer-7' });
  const [lost = ''] = await keysOf({ driver }, objectKeys.chunks);
  await driver.remove(lost);
  const missing = {
    code: 'vault-object-missing',
    message: expect.stringMatching(`${lost}.*layer-7`) as string,
  };
  await expect(vault.restore('layer-7', `${folder}/back`)).rejects.toMatchObject(missing);
  await expect(vault.verify('layer-7')).rejects.toMatchObject(missing);
  await vault.store(`${folder}/file`, { name: 'layer-7' });
  await vault.verify('layer-7');
});

test('a damaged chunk is put right by sending all again', async () => {
  const { vault, folder, driver } = await makeVault();
  await makeFile(`${folder}/file`, [['random', 3]]);
  await vault.store(`${folder}/file`, { name: 'file' });
  const [hurt = ''] = await keysOf({ driver }, objectKeys.chunks);
  const bytes = await driver.get(hurt);
  await driver.put(hurt, bytes?.subarray(0, 1000) ?? Buffer.alloc(0));
  await expect(vault.verify('file')).rejects.toMatchObject({ code: 'vault-corrupt' });
  await vault.store(`${folder}/file`, { name: 'file', sendAll: true });
  await vault.verify('file');
});

test('what was sealed with the key, but is not what its name says, is not taken for it', async () => {
  const { vault, folder, driver } = await makeVault();
  await makeFile(`${folder}/file`, [['random', 1]]);
  await vault.store(`${folder}/file`, { name: 'file' });
  const [name = ''] = await keysOf({ driver }, objectKeys.chunks);
  const { sealing } = await openVaultKey(`${folder}/vault.key`, 'here');
  await driver.put(name, seal(Buffer.alloc(chunkBytes, 1), sealing, name));
  const corrupt = { code: 'vault-corrupt', message: expect.stringContaining('its name') as string };
  await expect(vault.restore('file', `${folder}/back`)).rejects.toMatchObject(corrupt);
  await expect(vault.verify('file', { sample: 1 })).rejects.toMatchObject(corrupt);
});
