import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { NewCredential } from '@playhouse/contract/credential';
import { expect, test } from 'vitest';
import { openSecretBox } from '../system/open-secret-box.ts';
import { run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { Credentials } from './credentials.ts';
import { withDockerAccess } from './docker-access.ts';
import { gitAccessFor } from './git-access.ts';

const secret = 'very-secret-token';

function token(more: Partial<NewCredential> = {}): NewCredential {
  const place = 'https://git.example.org';
  return { name: 'git', kind: 'token', place, username: '', secret, knownHosts: '', ...more };
}

async function open() {
  const root = await temporaryDirectory();
  await mkdir(`${root}/run/credential-of-a-killed-engine`, { recursive: true });
  const tried: unknown[] = [];
  const options = {
    file: `${root}/credentials.json`,
    box: await openSecretBox(`${root}/key`),
    run: `${root}/run`,
    tryRegistry: async (credential: { readonly password: string }) => {
      tried.push(credential);
      const parameters = { registry: 'r', what: 'r', detail: 'no' };
      if (credential.password === 'wrong') throw new PlayhouseError('registry-unauthorized', parameters);
      await Promise.resolve();
    },
    now: () => Date.parse('2026-01-02T03:04:05Z'),
  };
  return { root, options, tried, credentials: await Credentials.open(options) };
}

test('secrets are sealed at rest, never listed, and each owner’s own', async () => {
  const { options, credentials } = await open();
  await credentials.add('ann', token());
  expect(await readFile(options.file, 'utf8')).not.toContain(secret);
  expect((await stat(options.file)).mode & 0o777).toBe(0o600);
  const [listed] = await credentials.list('ann');
  expect(listed).toMatchObject({ name: 'git', place: 'https://git.example.org', username: null });
  expect(JSON.stringify(listed)).not.toContain(secret);
  for (const other of ['bob', '__proto__', 'constructor', '']) {
    expect(await credentials.list(other)).toEqual([]);
    expect(await credentials.forRepository(other, 'https://git.example.org/a')).toBeNull();
  }
  // What is written into the file for another owner does not open.
  const store = JSON.parse(await readFile(options.file, 'utf8')) as { ann: unknown };
  await writeFile(options.file, JSON.stringify({ bob: store.ann }));
  await expect(credentials.forRepository('bob', 'https://git.example.org/a')).rejects.toThrow('authenticate');
});

test('of several that fit, the one with the longest address is taken', async () => {
  const { credentials } = await open();
  await credentials.add('ann', token({ name: 'all' }));
  await credentials.add('ann', token({ name: 'team', place: 'https://git.example.org/team' }));
  const nameFor = async (url: string) => (await credentials.forRepository('ann', url))?.name ?? null;
  expect(await nameFor('https://git.example.org/team/shop.git')).toBe('team');
  expect(await nameFor('https://git.example.org/other/shop.git')).toBe('all');
  expect(await nameFor('https://other.example.org/team/shop.git')).toBeNull();
  await credentials.remove('ann', 'team');
  expect(await nameFor('https://git.example.org/team/shop.git')).toBe('all');
  await expect(credentials.remove('ann', 'team')).rejects.toMatchObject({ code: 'credential-unknown' });
  await credentials.forget('ann');
  expect(await credentials.list('ann')).toEqual([]);
});

test('Git gets it by a private file, which is gone when the work is over or has failed', async () => {
  const { options, credentials } = await open();
  // What a killed engine left is gone.
  expect(await readdir(options.run)).toEqual([]);
  await credentials.add('ann', token({ username: 'a@b', secret: 'p:/ä' }));
  const withAccess = gitAccessFor({ credentials, gitAuthorityFile: '' }, 'ann');
  await withAccess('https://git.example.org/shop.git', async ({ settings, environment }) => {
    expect(environment).toEqual({});
    const file = /--file=(\S+)$/.exec(settings['credential.helper'] ?? '')?.[1] ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const asked = { input: 'protocol=https\nhost=git.example.org\n\n' };
    const { stdout } = await run(['git', 'credential-store', `--file=${file}`, 'get'], asked);
    expect(stdout).toBe('username=a@b\npassword=p:/ä\n');
    const other = { input: 'protocol=https\nhost=evil.example.org\n\n' };
    expect((await run(['git', 'credential-store', `--file=${file}`, 'get'], other)).stdout).toBe('');
  });
  const failing = withAccess('https://git.example.org/x', async () => await Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await readdir(options.run)).toEqual([]);
});

test('Docker gets all registries of the owner, which go before the playroom’s', async () => {
  const { options, tried, credentials } = await open();
  const hub = token({ name: 'hub', kind: 'registry', place: 'docker.io', username: 'ann' });
  await expect(credentials.add('ann', { ...hub, secret: 'wrong' })).rejects.toMatchObject({
    code: 'registry-unauthorized',
  });
  expect(await credentials.list('ann')).toEqual([]);
  await credentials.add('ann', hub);
  expect(tried).toHaveLength(2);
  const login = { username: 'all', password: 'of-all' };
  const fallback = new Map([
    ['docker.io', login],
    ['r.example', login],
  ]);
  const whose = { owner: 'ann', plugins: '/plugins', fallback };
  await withDockerAccess(credentials, whose, async ({ configuration, credentialFor }) => {
    const file = `${configuration}/config.json`;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { auths } = JSON.parse(await readFile(file, 'utf8')) as { auths: Record<string, { auth: string }> };
    const logins = Object.entries(auths).map(([key, { auth }]) => [
      key,
      Buffer.from(auth, 'base64').toString(),
    ]);
    expect(Object.fromEntries(logins)).toEqual({
      'https://index.docker.io/v1/': `ann:${secret}`,
      'r.example': 'all:of-all',
    });
    expect(credentialFor('nginx:1.27')).toBe('with the credential hub');
    expect(credentialFor('r.example/a')).toBe('with the playroom’s login');
    expect(credentialFor('s.example/a')).toBe('and there is no credential that fits');
  });
  // One that is not lent is as if it were not there.
  const lends = (registry: string) => registry !== 'docker.io';
  await withDockerAccess(credentials, { ...whose, lends }, async ({ configuration, credentialFor }) => {
    expect(await readFile(`${configuration}/config.json`, 'utf8')).not.toContain(
      Buffer.from(`ann:${secret}`).toString('base64'),
    );
    expect(credentialFor('nginx:1.27')).toBe('with the playroom’s login');
  });
  expect(await readdir(options.run)).toEqual([]);
});

test.each([
  [{ place: 'git@git.example.org' }, 'opened by a key'],
  [{ place: 'http://git.example.org' }, 'use https://'],
  [{ place: 'file:///srv' }, 'no place of repositories'],
  [{ secret: 'two\nlines' }, 'several lines'],
  [{ kind: 'key' as const }, 'over SSH'],
  [{ kind: 'key' as const, place: 'git@git.example.org', secret: 'none' }, 'no private key'],
  [{ kind: 'registry' as const, place: 'https://r.example', username: 'a' }, 'no registry'],
  [{ kind: 'registry' as const, place: 'r.example' }, 'user name'],
])('%j is refused before it is kept', async (more, detail) => {
  const { options, credentials } = await open();
  await expect(credentials.add('ann', token(more))).rejects.toMatchObject({
    code: 'credential-invalid',
    message: expect.stringContaining(detail),
  });
  expect(await credentials.list('ann')).toEqual([]);
  expect(await readdir(options.run)).toEqual([]);
});
