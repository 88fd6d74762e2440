import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { makeProxyFolders } from './proxy-folders.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('the storage is the proxy’s alone, what is around it can be entered by whoever knows a name', async () => {
  const folder = await temporaryDirectory();
  const folders = { storage: `${folder}/ingress/proxy`, runFolder: `${folder}/run` };
  await makeProxyFolders(folders, null);
  expect(await modeOf(folders.storage)).toBe(0o700);
  expect(await modeOf(`${folder}/ingress`)).toBe(0o711);
});
