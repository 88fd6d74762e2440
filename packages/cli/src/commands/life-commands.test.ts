// Command lines about what ends and takes up again, against a server that speaks the contract.
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../testing/fake-api.ts';
import { type CliResult, runCli } from '../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../testing/samples.ts';

let api: FakeApi | null = null;

afterEach(async () => {
  await api?.close();
  api = null;
});

async function cli(routes: FakeRoutes, ...words: string[]): Promise<CliResult> {
  api = await startFakeApi(routes);
  return runCli(words, api.endpoint);
}

test('the lifetime is shown, set, extended and ended', async () => {
  const seen: unknown[] = [];
  const playground = {
    ...samplePlayground,
    lifetimeSeconds: 10_800,
    expiresAt: '2026-01-02T06:04:05.000Z',
    onExpiry: 'stop' as const,
  };
  const routes: FakeRoutes = {
    'playground.get': () => ({ playground }),
    'playground.lifetime': ({ body }) => {
      seen.push(body);
      return { playground };
    },
  };
  const ask = async (...words: string[]) => {
    const result = await cli(routes, 'playground', 'lifetime', '42', ...words);
    await api?.close();
    return result;
  };
  expect((await ask()).stdout).toBe('pg-42-lab: in 3 h 0 min, then it is stopped\n');
  expect(seen).toEqual([]);
  await ask('3h');
  await ask('+30m');
  await ask('+');
  await ask('none', '--on-expiry', 'stop');
  expect(seen).toEqual([
    { lifetimeSeconds: 10_800, extend: false },
    { lifetimeSeconds: 1800, extend: true },
    { extend: true },
    { lifetimeSeconds: null, extend: false, onExpiry: 'stop' },
  ]);
  expect(JSON.parse((await ask('-o', 'json')).stdout)).toMatchObject({
    lifetimeSeconds: 10_800,
    onExpiry: 'stop',
  });
  const wrong = await ask('soon');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('`soon` is no lifetime; expected something like 90m');
  expect((await ask('--on-expiry', 'explode')).stderr).toContain('expected destroy or stop');
});

test('a playground is stopped and restarted, a machine rebooted', async () => {
  const accepted = { playground: samplePlayground, operation: sampleOperation };
  const routes: FakeRoutes = {
    'playground.stop': ({ query }) => {
      expect(query).toEqual({ force: 'true' });
      return accepted;
    },
    'playground.restart': () => accepted,
    'machine.reboot': () => accepted,
    'playground.get': () => ({ playground: samplePlayground }),
    'playground.machines': () => ({ machines: samplePlayground.machines }),
  };
  const ask = async (...words: string[]) => {
    const result = await cli(routes, ...words);
    await api?.close();
    return result.stdout;
  };
  expect(await ask('playground', 'stop', '42', '--force')).toBe(
    'pg-42-lab is stopped.\n  Take it up again: playhouse playground restart 42\n',
  );
  expect(await ask('playground', 'restart', '42')).toContain('pg-42-lab is running.');
  expect(await ask('m', 'reboot', '42', 'server')).toBe('server is running again.\n');
  expect(await ask('machine', 'reboot', '42', 'server', '--no-wait')).toBe('server is being rebooted.\n');
});

test('a journal is read on while there is more', async () => {
  const seen: unknown[] = [];
  const entry = (message: string) => ({
    at: '2026-01-02T03:00:01.000Z',
    unit: 'ssh.service',
    identifier: 'sshd',
    pid: 312,
    priority: 6,
    message,
  });
  const routes: FakeRoutes = {
    'machine.journal': ({ query }) => {
      seen.push(query);
      const more = query['after'] === undefined;
      return { journal: { entries: [entry(more ? 'one\ntwo' : 'three')], cursor: more ? 'c1' : 'c2', more } };
    },
  };
  const words = ['machine', 'journal', '42', 'server', '-u', 'ssh', '-n', '5'];
  expect((await cli(routes, ...words)).stdout).toBe(
    '2026-01-02 03:00:01 sshd[312]: one\n    two\n2026-01-02 03:00:01 sshd[312]: three\n',
  );
  await api?.close();
  expect(seen).toEqual([
    { unit: 'ssh', lines: '5' },
    { unit: 'ssh', lines: '5', after: 'c1' },
  ]);
  const { stdout } = await cli(routes, ...words, '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    entries: [{ message: 'one\ntwo' }, { message: 'three' }],
    cursor: 'c2',
  });
});
