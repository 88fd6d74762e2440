import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { DockerApi } from './docker-api.ts';
import { Docker } from './docker.ts';

test('what renders a file sees the folder of the file and the programs, and nothing else of the host', async () => {
  const folder = await temporaryDirectory();
  const [client, beside] = [`${folder}/client`, `${folder}/beside`];
  for (const made of [`${client}/cli-plugins`, beside]) await mkdir(made, { recursive: true });
  await writeFile(`${beside}/compose.yaml`, 'services: {}\n');
  await writeFile(`${folder}/secrets.key`, 'hush\n', { mode: 0o600 });
  await writeFile(`${client}/config.json`, 'hush, too\n');
  const looks = [
    ...[`ls -A ${folder} ${client}`, `cat ${beside}/compose.yaml`],
    ...[`cat ${folder}/secrets.key /etc/shadow /etc/passwd 2>&1`, 'ls -A /root /home /var/lib 2>&1'],
    ...['cat /proc/1/environ', `echo > ${beside}/new`, 'grep -c : /proc/net/dev', 'echo "$@"'],
  ];
  await writeFile(`${client}/docker`, `#!/bin/sh\n${looks.join('\n')}\n`, { mode: 0o755 });
  process.env['PLAYHOUSE_TRIED'] = 'hush, three';
  const docker = new Docker({ socket: `${folder}/docker.sock` } as DockerApi, client);
  const { stdout, stderr } = await docker.config(`${beside}/compose.yaml`, ['config']);
  delete process.env['PLAYHOUSE_TRIED'];
  expect(stdout).not.toContain('hush');
  expect(stdout).toContain('services: {}');
  expect(stdout).toContain(`${folder}:\nbeside\nclient\n`);
  expect(stdout).toContain(`${client}:\ncli-plugins\ndocker\n`);
  for (const path of [`${folder}/secrets.key`, '/etc/shadow', '/etc/passwd'])
    expect(stdout).toContain(`${path}: No such file`);
  expect(stdout).not.toContain('root:');
  expect(stderr).toMatch(/Read-only file system/);
  expect(stdout).toContain('--project-directory');
});
