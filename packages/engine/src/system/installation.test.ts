import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { openInstallation } from './installation.ts';

test('makes up who it is on the first start, and stays that', async () => {
  const path = `${await temporaryDirectory()}/installation.json`;
  const first = await openInstallation(path);
  const second = await openInstallation(path);
  expect(first.id).toMatch(/^[0-9a-f]{4}$/);
  expect(first).toMatchObject({ devices: `ph${first.id}-`, cgroup: `playhouse-${first.id}` });
  expect(second.id).toBe(first.id);
  expect(second.firstRevision).toBeGreaterThan(first.firstRevision + 1_000_000_000);
  expect(Number.isSafeInteger(second.firstRevision * 1000)).toBe(true);
});

test('names of devices have room for a long number', async () => {
  const { devices } = await openInstallation(`${await temporaryDirectory()}/installation.json`);
  expect(`${devices}99999999`.length).toBeLessThanOrEqual(15);
});

test('a file that is not its own is refused, not overwritten', async () => {
  const path = `${await temporaryDirectory()}/installation.json`;
  await writeFile(path, '{"id":"../x","starts":1}');
  await expect(openInstallation(path)).rejects.toThrow('invalid_format');
});
