import type { Event } from '@playhouse/contract/event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestWith, publicKey } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const manifest = `${manifestWith({})}  initConditions:
    values:
      - { key: Runtime, options: [containerd, cri-o] }
      - { key: Name, default: lab, validationRegex: '^[a-z]+$' }
  initTasks:
    prepare: { init: true, run: 'true' }
    crio: { init: true, run: 'true', conditions: [{ key: Runtime, value: cri-o }] }
    check: { needs: [prepare, crio], run: 'true' }
    pulse: { helper: true, user: laborant, run: 'true' }
    ask: { run: 'test "x(.input)"' }
`;

const start = (conditions: Readonly<Record<string, string>>) =>
  server.call('playground.start', {
    body: { playspec: 'flexbox', manifest, authorizedKeys: [publicKey], conditions },
  });

test('what is missing, unknown or not allowed is named at once, and nothing is made', async () => {
  const { status, error } = await start({ Name: '1', Runtim: 'x' });
  expect([status, error?.code]).toEqual([422, 'conditions-refused']);
  expect(error?.message).toMatch(
    /`Runtim`, did you mean `Runtime`\?; `Runtime` has no value .*; `Name` cannot be `1`/,
  );
  expect(error?.hint).toContain("-i 'Runtime=containerd'");
  expect((await server.call('playground.list', { query: { all: 'true' } })).playgrounds).toEqual([]);
});

test('what can be chosen can be asked for', async () => {
  const { conditions } = await server.call('playground.conditions', {
    body: { playspec: 'flexbox', manifest },
  });
  expect(conditions).toEqual([
    { key: 'Runtime', options: ['containerd', 'cri-o'], nullable: false },
    { key: 'Name', default: 'lab', validationRegex: '^[a-z]+$', nullable: false },
  ]);
});

test('the engine hears what was chosen; tasks whose conditions do not hold do not exist', async () => {
  const { playground } = await start({ Runtime: 'containerd' });
  const { command } = await engine.next('command');
  expect(command).toMatchObject({ playground: { conditions: { Runtime: 'containerd', Name: 'lab' } } });
  expect(playground?.conditions).toEqual({ Runtime: 'containerd', Name: 'lab' });
  const reference = { parameters: { playground: String(playground?.number) } };
  const { tasks } = await server.call('playground.tasks', reference);
  expect(tasks?.map(({ name, kind, status, needs }) => [name, kind, status, needs])).toEqual([
    ['prepare', 'init', 'created', []],
    ['check', 'regular', 'created', ['prepare']],
    ['pulse', 'helper', 'created', []],
    ['ask', 'regular', 'created', []],
  ]);
  const helpers = await server.call('playground.tasks', { ...reference, query: { kind: 'helper' } });
  expect(helpers.tasks).toMatchObject([{ name: 'pulse', user: 'laborant', machine: 'box' }]);
});

test('what the engine reports of tasks is shown, and each change is an event of its own', async () => {
  const { playground } = await start({ Runtime: 'containerd' });
  const { id, tasks = [] } = playground ?? { id: '' };
  const events: Event[] = [];
  server.plane.feed.subscribe((event) => void events.push(event));
  const changed = tasks.map((task) =>
    task.name === 'prepare' ? { ...task, status: 'completed' as const, exitCode: 0 } : task,
  );
  await engine.reportPlayground({ playgroundId: id, revision: 1, state: 'starting', tasks: changed });
  await engine.reportPlayground({ playgroundId: id, revision: 2, state: 'starting', tasks: changed });
  expect(events.filter(({ kind }) => kind === 'task')).toMatchObject([
    { playgroundId: id, task: { name: 'prepare', status: 'completed' } },
  ]);
  const shown = await server.call('playground.get', { parameters: { playground: id } });
  expect(shown.playground?.tasks[0]).toMatchObject({ name: 'prepare', status: 'completed' });
});

test('a task’s log is asked of the engine; a task that does not exist is refused', async () => {
  const { playground } = await start({ Runtime: 'containerd' });
  const id = playground?.id ?? '';
  const asked = server.call('task.log', {
    parameters: { playground: id, task: 'prepare' },
    query: { limit: 100 },
  });
  const question = await engine.next('question');
  expect(question.question).toEqual({
    kind: 'task.log',
    playgroundId: id,
    task: 'prepare',
    offset: null,
    limit: 100,
  });
  const log = { offset: 0, nextOffset: 3, content: 'hi\n' };
  engine.send({ type: 'answer', id: question.id, answer: { kind: 'task.log', log } });
  expect((await asked).log).toEqual(log);
  const { error } = await server.call('task.log', { parameters: { playground: id, task: 'crio' } });
  expect(error).toMatchObject({ code: 'task-unknown', hint: expect.stringContaining('prepare') as string });
});

test('an input is passed on to the engine, whose answer is the task as it is then', async () => {
  const { playground } = await start({ Runtime: 'containerd' });
  const ask = playground?.tasks.find(({ name }) => name === 'ask');
  expect(ask).toMatchObject({ input: 'awaited' });
  expect(playground?.tasks[0]).toMatchObject({ input: 'none' });
  const parameters = { playground: playground?.id ?? '', task: 'ask' };
  const given = server.call('task.input', { parameters, body: { input: "it's 42" } });
  const question = await engine.next('question');
  expect(question.question).toMatchObject({ kind: 'task.input', task: 'ask', input: "it's 42" });
  if (ask === undefined) throw new Error('the manifest has the task');
  const task = { ...ask, input: 'given' as const };
  engine.send({ type: 'answer', id: question.id, answer: { kind: 'task.input', task } });
  expect((await given).task).toEqual(task);
  const unknown = await server.call('task.input', {
    parameters: { ...parameters, task: 'crio' },
    body: { input: 'x' },
  });
  expect(unknown.error?.code).toBe('task-unknown');
});

test.each([
  ['nothing', ''],
  ['NUL', 'a\0b'],
  ['too much', 'x'.repeat(16_385)],
])('an input of %s is refused before the engine is asked', async (_, input) => {
  const { playground } = await start({ Runtime: 'containerd' });
  const parameters = { playground: playground?.id ?? '', task: 'ask' };
  const { status, error } = await server.call('task.input', { parameters, body: { input } });
  expect([status, error?.code]).toEqual([400, 'request-invalid']);
});
