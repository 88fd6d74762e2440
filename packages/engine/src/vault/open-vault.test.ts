import { readdir, writeFile } from 'node:fs/promises';
import { resolveConfiguration } from '@playhouse/contract/configuration';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { openVault } from './open-vault.ts';

const s3 = 'kind: s3, endpoint: "http://127.0.0.1:9", bucket: b, accessKeyId: me';

async function open(section: string, environment: NodeJS.ProcessEnv = {}) {
  const folder = await temporaryDirectory();
  const paths = { vault: `${folder}/vault`, vaultKey: `${folder}/vault.key` };
  const configuration = resolveConfiguration(`vault: { ${section} }`, {});
  return { folder, vault: await openVault(configuration, paths, environment) };
}

test('without a word of configuration the vault is a folder, and made at its first use', async () => {
  const { folder, vault } = await open('');
  expect(await readdir(folder)).toEqual([]);
  await vault?.putRecord('record', 1);
  expect((await readdir(folder)).toSorted()).toEqual(['vault', 'vault.key']);
});

test('there may be no vault', async () => {
  expect((await open('kind: none')).vault).toBeNull();
});

test('a vault in a bucket opens without its server, and says what is wrong when it is used', async () => {
  const environment = { PLAYHOUSE_VAULT_SECRET_ACCESS_KEY: 'of no use' };
  const { vault } = await open(s3, environment);
  await expect(vault?.check()).rejects.toMatchObject({
    code: 'vault-unreachable',
    message: expect.stringContaining('bucket b at http://127.0.0.1:9'),
  });
  await vault?.close();
}, 30_000);

test('a secret that is not there is told without asking the server', async () => {
  const folder = await temporaryDirectory();
  await writeFile(`${folder}/empty`, '\n');
  for (const setting of [
    '',
    `, secretAccessKeyFile: ${folder}/none`,
    `, secretAccessKeyFile: ${folder}/empty`,
  ]) {
    const { vault } = await open(`${s3}${setting}`);
    await expect(vault?.check()).rejects.toMatchObject({
      code: 'vault-refused',
      message: expect.stringMatching(/secret/i),
    });
    await vault?.close();
  }
});
