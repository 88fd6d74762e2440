import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ForwardingPlaces, restoreForwarding } from './restore-forwarding.ts';

let folder = '';
let places: ForwardingPlaces;

/** A host that forwards, as `up` left it. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-forwarding-'));
  places = {
    switchFile: join(folder, 'ip_forward'),
    ownFile: join(folder, 'sysctl.d/60-playhouse.conf'),
    settings: [join(folder, 'sysctl.conf'), join(folder, 'sysctl.d')],
    interfaces: join(folder, 'net'),
  };
  await mkdir(join(folder, 'sysctl.d'));
  await mkdir(join(folder, 'net/eth0'), { recursive: true });
  await writeFile(places.switchFile, '1\n');
  await writeFile(places.ownFile, 'net.ipv4.ip_forward = 1\n');
});
afterEach(async () => rm(folder, { recursive: true }));

const state = async () => (await readFile(places.switchFile, 'utf8')).trim();

test('what was switched on is switched off again, and its file is gone', async () => {
  await writeFile(join(folder, 'sysctl.conf'), '# net.ipv4.ip_forward=1\n');
  expect(await restoreForwarding(places)).toBeNull();
  expect([await state(), existsSync(places.ownFile)]).toEqual(['0', false]);
});

test('what was on before stays on', async () => {
  await rm(places.ownFile);
  expect(await restoreForwarding(places)).toBeNull();
  expect(await state()).toBe('1');
});

test('it stays on where another setting asks for it', async () => {
  await writeFile(join(folder, 'sysctl.d/99-router.conf'), 'net.ipv4.ip_forward=1\n');
  expect(await restoreForwarding(places)).toContain('99-router.conf asks for it');
  expect([await state(), existsSync(places.ownFile)]).toEqual(['1', false]);
});

test.each([
  ['docker0', 'bridge'],
  ['tap3', 'tun_flags'],
  ['ph9f9f-7', 'address'],
])('it stays on where the network %s of somebody else goes through the host', async (name, entry) => {
  await mkdir(join(folder, 'net', name));
  await writeFile(join(folder, 'net', name, entry), '');
  expect(await restoreForwarding(places)).toContain(name);
  expect(await state()).toBe('1');
});
