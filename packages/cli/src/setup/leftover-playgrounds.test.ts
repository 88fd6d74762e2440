import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireNoPlaygrounds } from './leftover-playgrounds.ts';

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'playhouse-left-'));
});
afterEach(async () => rm(state, { recursive: true }));

test('playgrounds that are left are told, with the way to be rid of them', async () => {
  await requireNoPlaygrounds(state, './playhouse');
  await mkdir(join(state, 'playgrounds/0123'), { recursive: true });
  await expect(requireNoPlaygrounds(state, './playhouse')).rejects.toMatchObject({
    code: 'playgrounds-left',
    hint: expect.stringContaining('`sudo ./playhouse up`, then `sudo ./playhouse down --purge`'),
  });
});

test('those of machines and those of Compose services count', async () => {
  for (const folder of ['playgrounds/0123', 'services/4567', 'services/89ab'])
    await mkdir(join(state, folder), { recursive: true });
  await expect(requireNoPlaygrounds(state, 'playhouse')).rejects.toThrow(
    `${state}/playgrounds and ${state}/services: 3 in all`,
  );
  await rm(join(state, 'playgrounds'), { recursive: true });
  await expect(requireNoPlaygrounds(state, 'playhouse')).rejects.toThrow(`${state}/services: 2 in all`);
});
