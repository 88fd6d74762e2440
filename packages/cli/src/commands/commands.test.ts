// Whole command lines against a server that speaks the contract: the visible text is the specification.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRequest, type FakeRoutes, startFakeApi } from '../testing/fake-api.ts';
import { type CliResult, runCli } from '../testing/run-cli.ts';
import { sampleOperation, samplePlayground, sampleStep } from '../testing/samples.ts';

let api: FakeApi | null = null;
const home = mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
const id = samplePlayground.id;

afterEach(async () => {
  await api?.close();
  api = null;
  rmSync(home, { recursive: true, force: true });
});

async function cli(routes: FakeRoutes, ...words: string[]): Promise<CliResult> {
  api = await startFakeApi(routes);
  return runCli(words, api.endpoint, { home });
}

const failed: Operation = {
  ...sampleOperation,
  status: 'failed',
  steps: [sampleStep({ label: 'Booting machines', status: 'failed', durationMs: 61_000 })],
  error: {
    code: 'cancelled',
    message: 'Machine server did not start.',
    hint: 'See its console.',
    step: 'Booting machines',
  },
};

test('playground list as a table', async () => {
  const pending = {
    ...samplePlayground,
    number: 43,
    name: 'pg-43-x',
    status: 'pending' as const,
    machines: [],
    expiresAt: '2026-01-02T04:16:05.000Z',
  };
  const result = await cli(
    { 'playground.list': () => ({ playgrounds: [pending, samplePlayground] }) },
    'p',
    'ls',
  );
  expect(result).toMatchInlineSnapshot(`
    {
      "status": 0,
      "stderr": "",
      "stdout": "NO   NAME        TITLE    PLAYSPEC   OWNER   STATUS    RUNNING   CREATED     EXPIRES         OWN   SHARED
    43   pg-43-x     My lab   debian     ann     pending   0/0       4 min ago   in 1 h 12 min   -     -
    42   pg-42-lab   My lab   debian     ann     running   1/1       4 min ago   -               -     -
    ",
    }
  `);
});

test('playground list when there is none says how to start one', async () => {
  const { stdout } = await cli({ 'playground.list': () => ({ playgrounds: [] }) }, 'playground', 'list');
  expect(stdout).toBe('No playgrounds yet. Start one with: playhouse playground start debian\n');
});

test('-o json and -o yaml print the whole answer', async () => {
  const routes = { 'playground.list': () => ({ playgrounds: [samplePlayground] }) };
  const json = await cli(routes, 'playground', 'list', '-o', 'json');
  expect(JSON.parse(json.stdout)).toEqual([{ ...samplePlayground, cost: null }]);
  await api?.close();
  const yaml = await cli(routes, 'playground', 'list', '-o', 'yaml');
  expect(yaml.stdout).toContain('- id: 65f0c1d2e3a4b5c6d7e8f901\n  number: 42\n');
});

test('the token goes along, and --all reaches the server', async () => {
  const seen: FakeRequest[] = [];
  const route = (request: FakeRequest) => {
    seen.push(request);
    return { playgrounds: [] };
  };
  await cli({ 'playground.list': route }, 'playground', 'list', '--all');
  expect(seen).toMatchObject([{ token: 'secret', query: { all: 'true' } }]);
});

test('playground status of a failed one shows step, error and hint', async () => {
  const error = {
    code: 'machine-died',
    message: 'Machine server ended by itself.',
    hint: 'Start it again.',
    step: 'Booting machines',
  };
  const playground = { ...samplePlayground, status: 'error' as const, error };
  const { stdout } = await cli({ 'playground.get': () => ({ playground }) }, 'playground', 'status', '42');
  expect(stdout).toMatchInlineSnapshot(`
    "Name:       pg-42-lab
    Title:      My lab
    Id:         65f0c1d2e3a4b5c6d7e8f901
    Playspec:   debian, version 3
    Owner:      ann
    Status:     error
    Created:    4 min ago
    Expires:    never
    Operation:  65f0c1d2e3a4b5c6d7e8f902
    Failed at:  Booting machines
    Error:      Machine server ended by itself.
    Hint:       Start it again.

    MACHINE   STATE     SOURCE      KERNEL   CPUS   RAM       DRIVES   TYPE      ADDRESS      FROM HOST    USER
    server    running   debian-12   6.1      2      512 MiB   2        microvm   172.16.0.2   100.64.0.3   laborant
    "
  `);
});

test('operation show tells where the time went', async () => {
  const { stdout } = await cli(
    { 'operation.get': () => ({ operation: sampleOperation }) },
    'op',
    'show',
    sampleOperation.id,
  );
  expect(stdout).toMatchInlineSnapshot(`
    "Id:       65f0c1d2e3a4b5c6d7e8f902
    Kind:     playground.start
    On:       pg-42-lab
    Status:   succeeded
    Created:  4 min ago
    Took:     13 s

    STEP               STATUS   TOOK    DETAIL
    Pulling images     done     0.0 s
    Booting machines   done     12 s    server
    "
  `);
});

test('an error says what and how to mend it, on standard error, with status 1', async () => {
  const unknown = () => {
    throw new PlayhouseError('playground-unknown', { reference: '77' });
  };
  const result = await cli({ 'playground.get': unknown }, 'playground', 'status', '77');
  expect(result).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'error: There is no playground `77`.\n  hint: Run `playhouse playground list` to see ids, numbers and names.\n',
  });
});

test('with --json an error is one line of JSON on standard output', async () => {
  const { status, stdout } = await runCli(['playground', 'list', '--json'], 'http://127.0.0.1:9', { home });
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'server-unreachable' } });
});

test('a wrong command line has status 2, a bug 70 and no stack', async () => {
  expect((await runCli(['playground', 'start'], 'http://127.0.0.1:9', { home })).status).toBe(2);
  expect((await runCli(['playground', 'list', '-o', 'xml'], 'http://127.0.0.1:9', { home })).status).toBe(2);
  const broken = () => {
    throw new TypeError('x is not a function');
  };
  const { status, stderr } = await cli({ 'playground.list': broken }, 'playground', 'list');
  expect(status).toBe(70);
  expect(stderr).toMatch(/^error: Something broke inside Playhouse: x is not a function\n  hint: .*\n$/);
});

test('faults of a manifest are shown one per line with their place', async () => {
  mkdirSync(home, { recursive: true });
  const file = join(home, 'lab.yaml');
  writeFileSync(file, 'machines: []\n');
  const seen: FakeRequest[] = [];
  const refuse = (request: FakeRequest) => {
    seen.push(request);
    const place = {
      code: 'manifest-empty',
      file,
      line: 3,
      column: 5,
      path: 'playground.machines[0].nam',
    } as const;
    const problem = { ...place, message: 'Unknown field `nam`.', hint: 'Did you mean `name`?' };
    throw new PlayhouseError('manifest-invalid', { file, count: 1 }, { problems: [problem] });
  };
  const { status, stderr } = await cli(
    { 'playground.start': refuse },
    'playground',
    'start',
    'flexbox',
    '-f',
    file,
  );
  expect(status).toBe(1);
  expect(stderr.replaceAll(file, 'lab.yaml')).toMatchInlineSnapshot(`
    "error: The manifest lab.yaml cannot be used; problems found: 1.
      lab.yaml:3:5 playground.machines[0].nam: Unknown field \`nam\`. Did you mean \`name\`?
      hint: Mend the places shown and try again; docs/manifest.md describes every field.
    "
  `);
  expect(seen[0]?.body).toMatchObject({
    playspec: 'flexbox',
    manifest: 'machines: []\n',
    manifestFile: file,
  });
});

test('playground start sends the own key, waits, and says the next step', async () => {
  const seen: FakeRequest[] = [];
  const routes: FakeRoutes = {
    'playground.start': (request) => {
      seen.push(request);
      return { playground: samplePlayground, operation: { ...sampleOperation, status: 'running' } };
    },
    'operation.get': () => ({ operation: sampleOperation }),
    'playground.get': () => ({ playground: samplePlayground }),
  };
  const { stdout, stderr, status } = await cli(routes, 'playground', 'start', 'debian', '--title', 'My lab');
  expect(status).toBe(0);
  expect(stderr).toBe('✓ Pulling images: done in 0.0 s\n✓ Booting machines: server, done in 12 s\n');
  expect(stdout).toBe(
    'pg-42-lab is running.\n  Open a shell: playhouse ssh 42\n  Remove it:    playhouse playground destroy 42\n',
  );
  expect(seen[0]?.body).toMatchObject({
    title: 'My lab',
    authorizedKeys: [expect.stringMatching(/^ssh-ed25519 /)],
  });
});

test('playground start -q prints the id alone; --json prints steps and a last line', async () => {
  const routes: FakeRoutes = {
    'playground.start': () => ({ playground: samplePlayground, operation: sampleOperation }),
    'playground.get': () => ({ playground: samplePlayground }),
  };
  const quiet = await cli(routes, 'playground', 'start', 'debian', '-q');
  expect(quiet).toEqual({ status: 0, stdout: `${id}\n`, stderr: '' });
  await api?.close();
  const json = await cli(routes, 'playground', 'start', 'debian', '--json');
  const lines = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ type }) => type)).toEqual(['step', 'step', 'done']);
  expect(lines.at(-1)).toMatchObject({ playground: { id } });
});

test('a start that fails shows the step and the operation’s own error', async () => {
  const routes: FakeRoutes = {
    'playground.start': () => ({ playground: samplePlayground, operation: failed }),
  };
  const { status, stderr } = await cli(routes, 'playground', 'start', 'debian');
  expect(status).toBe(1);
  expect(stderr).toBe(
    '✗ Booting machines: failed after 1 min 1 s\nerror: Machine server did not start.\n  hint: See its console. `playhouse playground retry pg-42-lab` takes it up again, `playhouse playground destroy pg-42-lab` removes it.\n',
  );
});

test('Ctrl-C leaves the start running and says how to follow and cancel it', async () => {
  const controller = new AbortController();
  const running: Operation = { ...sampleOperation, status: 'running', endedAt: null };
  api = await startFakeApi(
    { 'playground.start': () => ({ playground: samplePlayground, operation: running }) },
    () => controller.abort(),
  );
  const { status, stderr } = await runCli(['playground', 'start', 'debian'], api.endpoint, {
    home,
    signal: controller.signal,
  });
  expect(status).toBe(130);
  expect(stderr).toContain(`Interrupted; the playground.start of pg-42-lab goes on without you.
  Follow it: playhouse logs pg-42-lab --follow
  Cancel it: playhouse operation cancel ${running.id}
`);
});

test('logs of a playground are those of its latest operation', async () => {
  const routes: FakeRoutes = {
    'playground.get': () => ({ playground: samplePlayground }),
    'operation.logs': ({ parameters }) => ({
      lines: [{ number: 1, at: '2026-01-02T03:00:01.000Z', text: `of ${String(parameters['operation'])}` }],
    }),
  };
  expect((await cli(routes, 'logs', '42')).stdout).toBe(`03:00:01 of ${samplePlayground.operationId}\n`);
});

test('console reads on until the end; --tail shows the last lines', async () => {
  const parts = ['line 1\n', 'line 2\nlogin: ', ''];
  const routes: FakeRoutes = {
    'playground.machines': () => ({ machines: samplePlayground.machines }),
    'machine.console': ({ query }) => {
      const offset = Number(query['offset'] ?? 0);
      const content = parts[offset] ?? '';
      return { console: { boots: [1], boot: 1, offset, nextOffset: Math.min(2, offset + 1), content } };
    },
  };
  expect((await cli(routes, 'console', '42')).stdout).toBe('line 1\nline 2\nlogin: ');
});
