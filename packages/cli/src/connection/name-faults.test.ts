import { afterEach, expect, test } from 'vitest';
import { type FakeApi, startFakeApi } from '../testing/fake-api.ts';
import { runCli } from '../testing/run-cli.ts';
import { connect } from './connect.ts';
import { nameFaults } from './name-faults.ts';

let api: FakeApi | null = null;
afterEach(async () => await api?.close());

/** Against a server that takes nothing that its routes do not. */
async function cli(line: string) {
  const nobody = () => {
    throw new Error('should have been turned down');
  };
  api = await startFakeApi({
    'playground.fork': nobody,
    'playground.diff': nobody,
    'user.create': nobody,
    'registry.login': nobody,
  });
  return await runCli(line.split(' '), api.endpoint, { typed: 'secret' });
}

test.each([
  ['playground fork 42 --count 2000', '`--count` must be at most 20.', 'playground fork'],
  [
    `playground fork 42 --title ${'x'.repeat(200)}`,
    '`--title` must have at most 110 characters.',
    'playground fork',
  ],
  ['registry login :bad: -u me', '`<registry>` is not right: ', 'registry login'],
  [
    `registry login r.example -u ${'x'.repeat(300)}`,
    '`--username` must have at most 256 characters.',
    'registry login',
  ],
  [`playground diff ${'x'.repeat(200)} 42`, '`<from>` must have at most 100 characters.', 'playground diff'],
  ['user create BAD!', '`<user>` is not right: ', 'user create'],
])('%s is turned down by the name of what was typed', async (line, detail, command) => {
  const { status, stderr } = await cli(line);
  expect(stderr).toContain(detail);
  expect(stderr).toContain(`playhouse ${command} --help`);
  expect(stderr).not.toMatch(/body|parameters|Too big/);
  expect(status).toBe(2);
});

/** What a command with one option says of a request that is not right. */
async function toldOf(option: string, body: object) {
  api = await startFakeApi({ 'playground.fork': () => ({}) });
  const { client } = await connect({ PLAYHOUSE_TOKEN: 't' }, api.endpoint, new AbortController().signal);
  const command = { path: ['x'], arguments: [], options: [{ name: option, value: 'X', summary: '' }] };
  const named = nameFaults(client, { command, input: { [option]: 'typed' } });
  return await named('playground.fork', { parameters: { playground: '1' }, body }).catch(
    (error: unknown) => error,
  );
}

test('a field with a unit is that of the option without', async () => {
  expect(await toldOf('lifetime', { lifetimeSeconds: -5 })).toMatchObject({
    code: 'usage',
    message: expect.stringContaining('`--lifetime` must be ') as string,
  });
});

test('what no word stands for is told as the server told it', async () => {
  expect(await toldOf('title', { count: 2000 })).toMatchObject({ code: 'request-invalid' });
});
