import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { LocalAuthority } from './local-authority.ts';

const dayMs = 86_400_000;

async function open() {
  const folder = `${await temporaryDirectory()}/authority`;
  const clock = { now: Date.now() };
  const authority = () => new LocalAuthority(folder, () => clock.now);
  const first = async (host: string) => (await authority().certificatesFor([host]))[0]?.chain ?? '';
  return { folder, clock, authority, first };
}

test('each host gets a certificate of the one authority, which browsers can be told to trust', async () => {
  const { folder, authority } = await open();
  const long = `${'a'.repeat(63)}.${'b'.repeat(60)}.example.org`;
  const made = await authority().certificatesFor(['web.localhost', long]);
  const root = new X509Certificate(await readFile(`${folder}/authority.pem`, 'utf8'));
  expect(root.ca).toBe(true);
  for (const { host, chain } of made) {
    const certificate = new X509Certificate(chain);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.checkIssued(root)).toBe(true);
    expect(certificate.checkHost(host)).toBe(host);
    expect(certificate.ca).toBe(false);
  }
});

test('only root reads the keys', async () => {
  const { folder, first } = await open();
  await first('web.localhost');
  const keys = (await readdir(folder)).filter((name) => name.endsWith('.key'));
  expect(keys.length).toBeGreaterThan(0);
  for (const name of keys) expect((await stat(`${folder}/${name}`)).mode & 0o777).toBe(0o600);
});

test('what was made is kept, and made anew long before it ends', async () => {
  const { clock, first } = await open();
  const before = await first('web.localhost');
  clock.now += 200 * dayMs;
  expect(await first('web.localhost')).toBe(before);
  clock.now += 100 * dayMs;
  expect(await first('web.localhost')).not.toBe(before);
});

test('a pair that a crash left half-made is made anew', async () => {
  const { folder, first, authority } = await open();
  const before = await first('web.localhost');
  await authority().certificatesFor(['other.localhost']);
  await writeFile(`${folder}/web.localhost.key`, await readFile(`${folder}/other.localhost.key`));
  const after = await first('web.localhost');
  expect(after).not.toBe(before);
  await writeFile(`${folder}/web.localhost.pem`, after.slice(0, 100));
  expect(new X509Certificate(await first('web.localhost')).checkHost('web.localhost')).toBe('web.localhost');
});

test('certificates of hosts that are gone go, too, once they are old', async () => {
  const { folder, clock, first } = await open();
  await first('gone.localhost');
  await first('web.localhost');
  expect(await readdir(folder)).toContain('gone.localhost.pem');
  clock.now += 300 * dayMs;
  await first('web.localhost');
  expect((await readdir(folder)).toSorted()).toEqual([
    'authority.key',
    'authority.pem',
    'web.localhost.key',
    'web.localhost.pem',
  ]);
});
