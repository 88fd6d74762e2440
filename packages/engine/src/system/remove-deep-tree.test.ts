import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { removeDeepTree } from './remove-deep-tree.ts';
import { startProgram } from './testing/start-program.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { once } from 'node:events';

test('folders are removed that lie deeper in one another than a path may be long', async () => {
  const directory = await temporaryDirectory();
  const name = 'd'.repeat(200);
  const script = `i=0; while [ $i -lt 40 ]; do mkdir ${name}; cd ${name}; i=$((i+1)); done; touch end`;
  await writeFile(`${directory}/make`, `mkdir "$1"; cd -P "$1"; ${script}`);
  const [code] = (await once(startProgram(['sh', `${directory}/make`, `${directory}/deep`]), 'exit')) as [
    number,
  ];
  expect(code).toBe(0);
  await removeDeepTree(`${directory}/deep`);
  expect(existsSync(`${directory}/deep`)).toBe(false);
});
