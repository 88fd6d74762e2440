import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { DirectoryDriver } from './directory-driver.ts';
import { describeVaultDriver } from './vault-driver.contract.ts';

describe('the directory driver', () => {
  describeVaultDriver(async () => new DirectoryDriver(`${await temporaryDirectory()}/vault`));

  test('a file in the place of a folder is told, not followed', async () => {
    const folder = await temporaryDirectory();
    await writeFile(`${folder}/file`, '');
    const driver = new DirectoryDriver(`${folder}/file`);
    await expect(driver.put('a', Buffer.from('x'))).rejects.toMatchObject({
      code: 'vault-unreachable',
      message: expect.stringContaining(`${folder}/file`),
    });
  });

  test('what a crash left half-written goes after a day and is never listed', async () => {
    const folder = await temporaryDirectory();
    await mkdir(`${folder}/.unfinished`);
    for (const name of ['old', 'new']) await writeFile(`${folder}/.unfinished/${name}`, 'half');
    await utimes(`${folder}/.unfinished/old`, 1000, 1000);
    const driver = new DirectoryDriver(folder);
    await driver.put('records/a', Buffer.from('x'));
    await driver.remove('records/a');
    expect(await readdir(`${folder}/.unfinished`)).toEqual(['new']);
    expect(await Array.fromAsync(driver.list(''))).toEqual([]);
  });
});
