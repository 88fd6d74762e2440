import { chmod, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import type { ExecOptions, GuestAgent } from './guest-agent.ts';
import { readLoginFiles } from './read-login-files.ts';

test('configuration, the shell and its libraries are read, and what is not there is no failure', async () => {
  const folder = await temporaryDirectory();
  await writeFile(`${folder}/cat`, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/read\nexit 1\n`);
  await chmod(`${folder}/cat`, 0o755);
  const exec = async ({ argv, timeoutMs = 0 }: ExecOptions) =>
    await run(['env', `PATH=${folder}:/usr/bin:/bin`, ...argv], { timeoutMs });
  const agent = { exec } as unknown as GuestAgent;
  await readLoginFiles(agent, new AbortController().signal, 20_000);
  const read = (await readFile(`${folder}/read`, 'utf8')).split('\n');
  expect(read).toEqual(expect.arrayContaining(['/etc/passwd', '/bin/bash']));
  expect(read.some((path) => path.endsWith('/libc.so.6'))).toBe(true);
});
