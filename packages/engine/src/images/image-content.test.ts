import { mkdir, symlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { parsePasswd, readImageContent } from './image-content.ts';
import { findInImage } from './in-image-path.ts';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'daemon:x:1:1::/:/usr/sbin/nologin',
  'laborant:x:1001:1001::/home/laborant:/bin/sh',
  'nobody:x:65534:65534::/nonexistent:/bin/false',
  '# a comment',
  'half:a:line',
  '',
].join('\n');

test('users are those whose shell lets them in; accounts are all', async () => {
  const root = await temporaryDirectory();
  for (const folder of ['etc', 'sbin', 'usr/sbin']) await mkdir(`${root}/${folder}`, { recursive: true });
  await writeFile(`${root}/etc/passwd`, passwd);
  await writeFile(`${root}/usr/sbin/sshd`, '');
  await symlink('/usr/lib/systemd/systemd', `${root}/sbin/init`);
  await mkdir(`${root}/usr/lib/systemd`, { recursive: true });
  await writeFile(`${root}/usr/lib/systemd/systemd`, '');
  expect(await readImageContent(root)).toEqual({
    accounts: ['root', 'daemon', 'laborant', 'nobody'],
    users: ['root', 'laborant'],
    init: '/sbin/init',
    sshServer: '/usr/sbin/sshd',
  });
});

test('an empty image has nothing', async () => {
  const nothing = { accounts: [], users: [], init: null, sshServer: null };
  expect(await readImageContent(await temporaryDirectory())).toEqual(nothing);
});

test('links are followed as the machine would, never to the host', async () => {
  const root = await temporaryDirectory();
  await mkdir(`${root}/etc`);
  await mkdir(`${root}/sbin`);
  await symlink('/etc/passwd', `${root}/etc/passwd`);
  await symlink('../../../../../../../../bin/sh', `${root}/sbin/init`);
  await symlink('loop', `${root}/loop`);
  expect(await readImageContent(root)).toMatchObject({ accounts: [], init: null });
  expect(await findInImage(root, '/loop')).toBeNull();
  expect(await findInImage(root, '/etc/passwd/x')).toBeNull();
  expect(await findInImage(root, '/../../etc')).toBe(`${root}/etc`);
  await mkdir(`${root}/bin`);
  await writeFile(`${root}/bin/sh`, '');
  expect(await findInImage(root, '/sbin/init')).toBe(`${root}/bin/sh`);
});

test('no text makes the reader of passwd files fail', () => {
  fc.assert(fc.property(fc.string(), (text) => void parsePasswd(text)));
});
