import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

test('whoever names a folder, or a file that is not there, is told so in words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playhouse-input-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const check = async (file: string) => await runCli(['playspec', 'check', file], 'http://127.0.0.1:1');
  expect(await check(folder)).toEqual({
    status: 1,
    stdout: '',
    stderr:
      `error: The file ${folder} cannot be read: it is a folder; name a file in it.\n` +
      '  hint: Check its name and permissions; `-` reads standard input.\n',
  });
  expect((await check(`${folder}/none`)).stderr).toContain('there is no such file.');
});
