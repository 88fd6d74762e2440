import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../../testing/fake-api.ts';
import { type CliResult, runCli } from '../../testing/run-cli.ts';

let api: FakeApi | null = null;

afterEach(async () => {
  await api?.close();
  api = null;
});

async function cli(routes: FakeRoutes, ...words: string[]): Promise<CliResult> {
  api = await startFakeApi(routes);
  return await runCli(words, api.endpoint);
}

const known = {
  ...{ name: 'git', kind: 'token' as const, place: 'https://git.example.org/ann', username: null },
  ...{ publicKey: null, since: '2026-01-02T03:04:05.000Z' },
};

test('credentials are listed without their secrets, and removed', async () => {
  const listed = await cli({ 'credential.list': () => ({ credentials: [known] }) }, 'credential', 'list');
  expect(listed.stdout).toContain('https://git.example.org/ann');
  await api?.close();
  const none = await cli({ 'credential.list': () => ({ credentials: [] }) }, 'credential', 'list');
  expect(none.stdout).toContain('playhouse credential add --help');
  await api?.close();
  const removed = await cli(
    { 'credential.remove': () => ({ credentials: [] }) },
    ...['credential', 'remove', 'git'],
  );
  expect(removed.stdout).toBe('Forgot git.\n');
});

test.each([
  [[], 'either `--repository ADDRESS` or `--registry HOST`'],
  [['--repository', 'https://g.example', '--registry', 'r.example'], 'either'],
  [['--registry', 'r.example'], '--username NAME'],
  [['--registry', 'r.example', '--key', 'k', '--known-hosts', 'h'], 'no keys'],
  [['--repository', 'git@g.example', '--key', 'k'], 'both `--key FILE` and `--known-hosts FILE`'],
  [['--repository', 'git@g.example', '--key', '-', '--known-hosts', '-'], 'Only one'],
  [['--repository', 'https://g.example'], 'cat token | playhouse credential add … --secret-stdin'],
])('%j is told what is missing', async (words, message) => {
  const { status, stderr } = await cli({}, 'credential', 'add', 'git', ...words);
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test.each([
  ['Bad_Name', '--repository https://git.example.org/ann', '`<name>` is not right'],
  [
    'git',
    '--repository ftp://git.example.org',
    '`--repository` is not right: ftp://git.example.org is no place',
  ],
  ['git', '--repository git@git.example.org', 'opened by a key, not by a token'],
  ['git', '--repository http://git.example.org', 'everybody in between could read the token'],
  ['hub', '--registry https://r.example -u ann', '`--registry` is not right'],
])('%s with %s is turned down before anybody is asked for the secret', async (name, words, message) => {
  api = await startFakeApi({});
  const line = ['credential', 'add', name, ...words.split(' ')];
  const { status, stderr } = await runCli(line, api.endpoint, { typed: 'secret' });
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stderr).not.toContain('Token or password');
});
