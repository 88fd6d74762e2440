import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { limitConsoles } from './console-limit.ts';

test('a console that grew too long is emptied and says so, others are left alone', async () => {
  const folder = `${await temporaryDirectory()}/machines`;
  await mkdir(`${folder}/vm`, { recursive: true });
  await writeFile(`${folder}/vm/console-1.log`, 'short');
  await writeFile(`${folder}/vm/console-2.log`, Buffer.alloc(17 * 1024 * 1024, 'x'));
  await limitConsoles(folder);
  expect(await readFile(`${folder}/vm/console-1.log`, 'utf8')).toBe('short');
  expect((await stat(`${folder}/vm/console-2.log`)).size).toBeLessThan(200);
  expect(await readFile(`${folder}/vm/console-2.log`, 'utf8')).toContain('16 MiB');
});

test('only the logs of the last ten boots are kept', async () => {
  const folder = `${await temporaryDirectory()}/machines`;
  await mkdir(`${folder}/vm`, { recursive: true });
  for (let boot = 1; boot <= 12; boot++) await writeFile(`${folder}/vm/console-${boot}.log`, '');
  await limitConsoles(folder);
  expect((await readdir(`${folder}/vm`)).toSorted((a, b) => a.localeCompare(b))).not.toContain(
    'console-2.log',
  );
  expect(await readdir(`${folder}/vm`)).toHaveLength(10);
});

test('a playground without machines’ folders is no trouble', async () => {
  await expect(limitConsoles(`${await temporaryDirectory()}/machines`)).resolves.toBeUndefined();
});
