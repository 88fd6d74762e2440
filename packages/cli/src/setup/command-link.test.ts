import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureCommandLink, removeCommandLink } from './command-link.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-link-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const input = (stateDirectory = '/var/lib/playhouse') => ({
  codeRoot: '/srv/checkout',
  stateDirectory,
  link: join(folder, 'playhouse'),
});

test('the link is made once and removed again', async () => {
  expect(await ensureCommandLink(input())).toBe(true);
  expect(await readlink(input().link)).toBe('/srv/checkout/playhouse');
  expect(await ensureCommandLink(input())).toBe(false);
  await removeCommandLink(input());
  await expect(readlink(input().link)).rejects.toThrow('ENOENT');
});

test('what is there already is neither replaced nor removed', async () => {
  await writeFile(input().link, 'mine');
  expect(await ensureCommandLink(input())).toBe(false);
  await removeCommandLink(input());
  await expect(readlink(input().link)).rejects.toThrow('EINVAL');
});

test('an installation beside the host’s own gets no link', async () => {
  expect(await ensureCommandLink(input('/srv/second'))).toBe(false);
});
