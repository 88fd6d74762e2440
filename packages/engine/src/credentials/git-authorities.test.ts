import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey, writeAuthority } from '../ingress/certificates/openssl.ts';
import { gitAuthorities } from './git-authorities.ts';

const url = 'https://git.example.org/shop';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/git-authorities-`);
});
afterEach(async () => await rm(folder, { recursive: true }));

test('authorities of the configuration are trusted besides those of the host, by what has certificates', async () => {
  const files = { keyFile: `${folder}/key`, certificateFile: `${folder}/authority.pem` };
  await writeFile(files.keyFile, newKey());
  await writeAuthority('Ours', 1, files);
  expect(await gitAuthorities(url, files.certificateFile)).toEqual({
    'http.sslCAInfo': files.certificateFile,
    'http.sslCAPath': '/etc/ssl/certs',
  });
  expect(await gitAuthorities('http://127.0.0.1/shop', `${folder}/none`)).toEqual({});
  expect(await gitAuthorities(url, '')).toEqual({});
});

test.each([
  ['is not there', null, /ENOENT/],
  ['is no certificate', 'nothing of the kind', /PEM/],
])('a file that %s is told, not left out', async (_, text, reason) => {
  const file = `${folder}/authority.pem`;
  if (text !== null) await writeFile(file, text);
  await expect(gitAuthorities(url, file)).rejects.toMatchObject({
    code: 'git-authority-unfit',
    message: expect.stringMatching(reason),
    hint: expect.stringContaining('engine.gitAuthorityFile'),
  });
});
