import type { Playground } from '@playhouse/contract/playground';
import type { Task } from '@playhouse/contract/task';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../../testing/fake-api.ts';
import { runCli } from '../../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../../testing/samples.ts';

let api: FakeApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

const task = (name: string, more: Partial<Task> = {}): Task => ({
  name,
  kind: 'init',
  machine: 'server',
  user: 'root',
  needs: [],
  status: 'completed',
  input: 'none',
  attempt: 1,
  exitCode: 0,
  timedOut: false,
  hint: null,
  startedAt: null,
  endedAt: null,
  ...more,
});

const regular = (name: string, status: Task['status'], more: Partial<Task> = {}) =>
  task(name, { kind: 'regular', status, exitCode: status === 'completed' ? 0 : 1, ...more });

/**
 * Serves a playground that looks different each time it is asked for; in the end it stays as it is. That it changed is told to who
 * listens, unless `deaf`.
 */
async function run(
  words: readonly string[],
  states: readonly Partial<Playground>[],
  routes: FakeRoutes = {},
  deaf = false,
) {
  let asked = 0;
  const feeds: WebSocket[] = [];
  const news = {
    sequence: 1,
    at: samplePlayground.updatedAt,
    kind: 'playground',
    playground: samplePlayground,
  };
  const tell = () => feeds.forEach((feed) => feed.send(JSON.stringify(news)));
  const told: FakeRoutes = {
    'playground.get': () => {
      const playground = { ...samplePlayground, ...states[Math.min(asked++, states.length - 1)] };
      if (asked < states.length) tell();
      return { playground };
    },
    ...routes,
  };
  const listen = (feed: WebSocket) => {
    feeds.push(feed);
    // Whoever listens late has missed something.
    tell();
  };
  api = await startFakeApi(told, deaf ? undefined : listen);
  return await runCli(['playground', ...words], api.endpoint);
}

const pulse = task('pulse', { kind: 'helper' });

test('tasks are a table; helpers are left out unless asked for', async () => {
  const tasks = [
    task('install'),
    regular('door', 'running', { needs: ['install'], hint: 'open it\nnow' }),
    pulse,
  ];
  const { stdout, status } = await run(['tasks', '42'], [{ tasks }]);
  expect(status).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "TASK      KIND      MACHINE   STATUS      EXIT   NEEDS     HINT
    install   init      server    completed   0      -
    door      regular   server    running     1      install   open it
    "
  `);
  expect((await run(['tasks', '42', '--all'], [{ tasks }])).stdout).toContain('pulse');
  const helpers = await run(['tasks', '42', '--kind', 'helper', '-o', 'json'], [{ tasks }]);
  expect(JSON.parse(helpers.stdout)).toMatchObject([{ name: 'pulse' }]);
  expect((await run(['tasks', '42', '--kind', 'odd'], [{ tasks }])).status).toBe(2);
});

test('--wait ends when all have succeeded or failed, with 2 for a failure', async () => {
  const running = { tasks: [task('a'), regular('b', 'running'), pulse] };
  expect(
    (
      await run(
        ['tasks', '42', '--wait'],
        [running, { tasks: [task('a'), regular('b', 'completed'), pulse] }],
      )
    ).status,
  ).toBe(0);
  const failed = { tasks: [task('a'), regular('b', 'failed')], status: 'error' as const };
  expect((await run(['tasks', '42', '--wait'], [running, failed], {}, true)).status).toBe(2);
});

test('--fail-fast does not wait for the others, and --timeout gives up', async () => {
  const tasks = [regular('a', 'failed'), regular('b', 'running')];
  expect((await run(['tasks', '42', '--wait', '--fail-fast'], [{ tasks }])).status).toBe(2);
  const late = await run(['tasks', '42', '--wait', '--timeout', '1s'], [{ tasks }]);
  expect([late.status, late.stderr]).toEqual([1, expect.stringContaining('was not as wished within 1 s')]);
});

test('--log prints a task’s log', async () => {
  const log = { offset: 0, nextOffset: 3, content: '== run\nhi\n' };
  const routes: FakeRoutes = {
    'task.log': ({ parameters }) => ({ log: { ...log, content: `${parameters['task']}: hi\n` } }),
  };
  expect((await run(['tasks', '42', '--log', 'install'], [{}], routes)).stdout).toBe('install: hi\n');
});

test('a task that waits for an input says so, and answer gives it one', async () => {
  const asking = regular('ask', 'blocked', { input: 'awaited', exitCode: null });
  expect((await run(['tasks', '42'], [{ tasks: [asking] }])).stdout).toMatch(/^ask .* waits for an input$/m);
  await api?.close();
  let given: unknown = null;
  const routes: FakeRoutes = {
    'task.input': ({ parameters, body }) => {
      given = [parameters['task'], body];
      return { task: { ...asking, input: 'given' as const } };
    },
  };
  const { status, stdout } = await run(['answer', '42', 'ask', "it's $(id)"], [{}], routes);
  expect([status, given]).toEqual([0, ['ask', { input: "it's $(id)" }]]);
  expect(stdout).toContain('playhouse playground tasks 42');
});

test('wait ends when the playground runs and its regular tasks have succeeded', async () => {
  const states = [
    { status: 'in_progress' as const, tasks: [regular('b', 'blocked')] },
    { tasks: [regular('b', 'running')] },
    { tasks: [regular('b', 'completed')] },
  ];
  expect(await run(['wait', '42'], states)).toMatchObject({ status: 0, stdout: 'pg-42-lab is running.\n' });
  expect((await run(['wait', '42', '--init-only', '--timeout', '5s'], states.slice(0, 2))).status).toBe(0);
});

test('wait fails with what went wrong', async () => {
  const error = {
    code: 'task-failed',
    message: 'The init task `b` failed.',
    hint: 'Look.',
    step: 'Running init tasks',
  };
  const { status, stderr } = await run(['wait', '42'], [{ status: 'error', error }]);
  expect([status, stderr]).toEqual([1, expect.stringContaining('The init task `b` failed.')]);
});

const offered = [
  { key: 'Runtime', options: ['a', 'b'], nullable: false },
  { key: 'Name', default: 'x', nullable: false },
  { key: 'Note', nullable: true },
];

async function start(words: readonly string[], typed?: readonly string[]) {
  let conditions: unknown = null;
  api = await startFakeApi({
    'playground.conditions': () => ({ conditions: offered }),
    'playground.start': ({ body }) => {
      ({ conditions } = body as { conditions: unknown });
      return { playground: samplePlayground, operation: sampleOperation };
    },
  });
  const command = ['playground', 'start', 'debian', '--no-wait', ...words];
  return { ...(await runCli(command, api.endpoint, typed ? { typed } : {})), conditions };
}

test('choices come from -i, and are asked for at a terminal until they fit', async () => {
  const asked = await start(['-i', 'Name=y=z'], ['c', 'b']);
  expect(asked.conditions).toEqual({ Name: 'y=z', Runtime: 'b' });
  expect(asked.stderr).toContain('Runtime (a, b): `Runtime` cannot be `c` (one of: a, b)\nRuntime (a, b): ');
  expect((await start(['-i', 'Name=y', '-i', 'Runtime=a'])).conditions).toEqual({ Name: 'y', Runtime: 'a' });
});

test('a choice without a value is a mistake', async () => {
  expect(await start(['-i', 'Name'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('takes KEY=VALUE') as string,
  });
});
