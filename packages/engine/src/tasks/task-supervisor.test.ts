import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type AgentFixture, startAgent } from '../guest/agent-fixture.ts';
import { AgentPool } from '../guest/agent-pool.ts';
import { GuestAgent } from '../guest/guest-agent.ts';
import { PlaygroundRecords } from '../playgrounds/playground-record.ts';
import { enginePaths } from '../system/engine-paths.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { TaskSupervisor } from './task-supervisor.ts';

const user = userInfo().username;
const process = { pid: 1, startTime: '1', bootId: 'b' };
let fixture: AgentFixture;

// The real guest agent, on this host in the place of both machines.
beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());

const machines = ['web', 'db'].map(
  (name) =>
    `    - { name: ${name}, users: [{ name: root }], drives: [{ source: debian-12, mount: / }], network: { interfaces: [{ network: local }] } }`,
);

/** A running playground with these tasks; `tasks` is YAML in flow style, an entry a line. */
async function open(...tasks: string[]) {
  const home = await temporaryDirectory();
  const lines = tasks.map((task) => `    ${task.replaceAll('HOME', home).replace('{', `{ user: ${user}, `)}`);
  const text = ['kind: playground', 'playground:', '  machines:', ...machines, '  initTasks:', ...lines].join(
    '\n',
  );
  const parsed = parseManifest(text, { file: 'm.yaml' });
  if (parsed.problems) throw new Error(JSON.stringify(parsed.problems));
  const paths = enginePaths({ stateDirectory: home });
  await mkdir(paths.playground(sampleId), { recursive: true });
  const records = new PlaygroundRecords(paths);
  const sample = samplePlayground();
  await records.save({
    ...sample,
    order: { ...sample.order, manifest: parsed.manifest },
    machines: sample.machines.map((machine) => ({ ...machine, state: 'running', process })),
  });
  const agents = new AgentPool(async (_, options) => await GuestAgent.connect(fixture.socketPath, options));
  // Both machines are one agent here, which serves one connection.
  const shared = new Proxy(agents, {
    get: (pool, key) =>
      key === 'use'
        ? async (place: object, ...rest: [never, never]) =>
            await pool.use({ ...place, socket: 'one' } as never, ...rest)
        : Reflect.get(pool, key),
  });
  const tools = { records, paths, agents: shared, settings: { devices: 'ph', edgeRange: '100.64.0.0/16' } };
  const failures: PlayhouseError[] = [];
  const events = {
    changed: () => undefined,
    failed: async (error: PlayhouseError) => void failures.push(error),
  };
  const supervisor = () => new TaskSupervisor(tools, sampleId, events, { pauseMs: 20, guestRoot: home });
  const first = supervisor();
  onTestFinished(() => {
    first.halt();
    agents.close();
  });
  const { signal } = new AbortController();
  const initDone = async (one = first) => {
    await one.begin();
    await one.untilInitDone(signal, () => undefined);
  };
  const status = (name: string, one = first) => one.describe().find((task) => task.name === name)?.status;
  const read = async (name: string) => await readFile(`${home}/${name}`, 'utf8').catch(() => '');
  return { home, paths, records, supervisor, first, initDone, status, read, failures };
}

test('tasks run in the order of their needs, with what those printed', async () => {
  const { initDone, read, status } = await open(
    `a: { init: true, run: 'echo one; echo a >> HOME/order' }`,
    `b: { init: true, machine: db, needs: [a], run: 'echo "got x(.needs.a.stdout)" > HOME/got; echo b >> HOME/order' }`,
    `c: { init: true, needs: [b], env: ['V=x(.needs.b.exit_code)'], run: 'echo "c$V" >> HOME/order' }`,
  );
  await initDone();
  expect(await read('got')).toBe('got one\n');
  expect(await read('order')).toBe('a\nb\nc0\n');
  expect(['a', 'b', 'c'].map((name) => status(name))).toEqual(['completed', 'completed', 'completed']);
});

test('what counts as done is on disk: an engine that dies then does not run it again', async () => {
  const { paths, initDone } = await open(
    `a: { init: true, run: 'true' }`,
    `b: { init: true, needs: [a], run: 'true' }`,
  );
  await initDone();
  const record = JSON.parse(await readFile(paths.playgroundRecord(sampleId), 'utf8')) as unknown;
  expect(record).toMatchObject({ tasks: { a: { status: 'completed' }, b: { status: 'completed' } } });
});

test('a failure ends the wait once what runs has ended; nothing new begins; a retry runs what failed', async () => {
  const { home, first, initDone, status, read } = await open(
    `bad: { init: true, run: 'echo tried >> HOME/tries; echo "no luck" >&2; test -e HOME/mended' }`,
    `long: { init: true, run: 'sleep 0.5; echo long >> HOME/tries' }`,
    `after: { init: true, needs: [bad, long], run: 'true' }`,
  );
  await expect(initDone()).rejects.toMatchObject({
    code: 'task-failed',
    message: 'The init task `bad` failed on machine web: exit code 1. Its output ends with: no luck',
  });
  expect([status('bad'), status('long'), status('after')]).toEqual(['failed', 'completed', 'blocked']);
  expect(await read('tries')).toBe('tried\nlong\n');
  await mkdir(`${home}/mended`);
  await first.renew();
  await initDone();
  expect(await read('tries')).toBe('tried\nlong\ntried\n');
  expect(first.describe().map(({ attempt, status: now }) => [attempt, now])).toEqual([
    [2, 'completed'],
    [1, 'completed'],
    [1, 'completed'],
  ]);
});

test('a task that hangs is stopped at its time limit', async () => {
  const { initDone } = await open(`hang: { init: true, timeoutSeconds: 1, run: 'echo started; sleep 60' }`);
  await expect(initDone()).rejects.toMatchObject({
    code: 'task-timed-out',
    message:
      'The init task `hang` on machine web did not end within its 1 s and was stopped. Its output ends with: started',
  });
});

test('a user that the machine does not have fails the task at once', async () => {
  const { initDone } = await open(`who: { init: true, run: 'true' }`).then(async (opened) => {
    const record = opened.records.get(sampleId);
    if (record) {
      const text = JSON.stringify(record).replaceAll(`"user":"${user}"`, '"user":"nobody-here"');
      await opened.records.save(JSON.parse(text) as typeof record);
    }
    return opened;
  });
  await expect(initDone()).rejects.toMatchObject({
    code: 'task-failed',
    message: expect.stringContaining('nobody-here') as string,
  });
});

test('regular tasks repeat until they succeed, with a hint; helpers go on, and their output is fresh', async () => {
  const { home, first, status, read } = await open(
    `door: { run: 'test -e HOME/door', hintcheck: 'echo open the door' }`,
    `pulse: { helper: true, run: 'echo beat >> HOME/pulse; cat HOME/pulse | wc -l' }`,
    `late: { needs: [door, pulse], run: 'echo x(.needs.pulse.stdout) > HOME/late' }`,
  );
  await first.begin();
  await vi.waitFor(
    () =>
      expect(first.describe()[0]).toMatchObject({ status: 'running', exitCode: 1, hint: 'open the door' }),
    5000,
  );
  expect(status('late')).toBe('blocked');
  await mkdir(`${home}/door`);
  await vi.waitFor(() => expect(status('late')).toBe('completed'), 5000);
  expect(Number(await read('late'))).toBeGreaterThan(0);
  const beats = (await read('pulse')).length;
  await vi.waitFor(async () => expect((await read('pulse')).length).toBeGreaterThan(beats), 5000);
  expect(first.describe()[0]).toMatchObject({ status: 'completed', hint: null });
});

test('a failcheck that fails is told when nobody waits for the start', async () => {
  const { first, failures, status } = await open(`t: { run: 'false', failcheck: 'echo too late; false' }`);
  await first.begin();
  await vi.waitFor(() => expect(failures).toMatchObject([{ code: 'task-failcheck' }]), 5000);
  expect(failures[0]?.message).toContain('cannot succeed any more: too late');
  expect(status('t')).toBe('failed');
});

test('the next engine runs what was cut short again, and nothing that was done', async () => {
  const { home, supervisor, first, initDone, read, status } = await open(
    `done: { init: true, run: 'echo done >> HOME/runs; echo out' }`,
    `cut: { init: true, needs: [done], run: 'echo cut >> HOME/runs; test -e HOME/go || sleep 60; echo x(.needs.done.stdout) >> HOME/runs' }`,
  );
  await first.begin();
  await vi.waitFor(async () => expect(await read('runs')).toBe('done\ncut\n'), 5000);
  first.halt();
  await vi.waitFor(() => expect(status('cut')).toBe('running'));
  await mkdir(`${home}/go`);
  const second = supervisor();
  onTestFinished(() => second.halt());
  await initDone(second);
  expect(await read('runs')).toBe('done\ncut\ncut\nout\n');
  expect(status('done', second)).toBe('completed');
});

test('a task waits for its input, runs with it and again with a new one, and then takes none', async () => {
  const { first, read, status } = await open(
    `ask: { run: 'printf "%s\\n" "x(.input)" >> HOME/asked; test "x(.input)" = forty-two' }`,
    `next: { needs: [ask], run: 'echo "x(.needs.ask.input)" > HOME/next' }`,
  );
  await first.begin();
  await vi.waitFor(() => expect(first.describe()[0]).toMatchObject({ status: 'blocked', input: 'awaited' }));
  await sleep(100);
  expect(await read('asked')).toBe('');
  const hostile = `'; touch /root/owned # "$(id)"`;
  expect(await first.give('ask', hostile)).toMatchObject({ name: 'ask', input: 'given' });
  await vi.waitFor(async () => expect(await read('asked')).toContain(`${hostile}\n`), 5000);
  expect(status('ask')).toBe('running');
  await first.give('ask', 'forty-two');
  await vi.waitFor(async () => expect(await read('next')).toBe('forty-two\n'), 5000);
  await expect(first.give('ask', 'more')).rejects.toMatchObject({
    code: 'task-input-refused',
    message: expect.stringContaining('it has completed') as string,
  });
  await expect(first.give('next', 'x')).rejects.toMatchObject({ code: 'task-input-refused' });
  await expect(first.give('nowhere', 'x')).rejects.toMatchObject({ code: 'task-unknown' });
});

test('an input is in the file that the task names before it runs, byte for byte, once per input', async () => {
  const { home, first, read } = await open(
    `save: { destination: HOME/deep/er/answer, run: 'cat HOME/deep/er/answer >> HOME/seen; echo mine > HOME/deep/er/answer; test -e HOME/go' }`,
  );
  await first.begin();
  const input = `  "it's"\n$(id)\\\n`;
  await first.give('save', input);
  const seen = `${input}mine\nmine\n`;
  await vi.waitFor(async () => expect((await read('seen')).slice(0, seen.length)).toBe(seen), 5000);
  await mkdir(`${home}/go`);
  await vi.waitFor(() => expect(first.describe()[0]).toMatchObject({ status: 'completed' }), 5000);
});

test('an input that cannot be written is told as the hint, and the task goes on trying', async () => {
  const { home, first, read } = await open(`save: { destination: HOME/taken/answer, run: 'touch HOME/ran' }`);
  await writeFile(`${home}/taken`, 'a file');
  await first.begin();
  await first.give('save', 'x');
  await vi.waitFor(
    () =>
      expect(first.describe()[0]).toMatchObject({
        status: 'running',
        hint: expect.stringMatching(/^the input could not be written to .*taken\/answer: /) as string,
      }),
    5000,
  );
  await rm(`${home}/taken`);
  await vi.waitFor(
    () => expect(first.describe()[0]).toMatchObject({ status: 'completed', hint: null }),
    5000,
  );
  expect(await read('taken/answer')).toBe('x');
});

test('the next engine has what was given; a new attempt of a failed task waits for a new input', async () => {
  const { home, records, paths, supervisor, first, read, status } = await open(
    `ask: { run: 'echo "x(.input)" >> HOME/asked; test -e HOME/go', failcheck: 'test "x(.input)" != wrong' }`,
  );
  await first.give('ask', 'kept');
  first.halt();
  expect(JSON.parse(await readFile(paths.playgroundRecord(sampleId), 'utf8'))).toMatchObject({
    inputs: { ask: 'kept' },
  });
  const second = supervisor();
  onTestFinished(() => second.halt());
  await second.begin();
  await vi.waitFor(async () => expect(await read('asked')).toContain('kept\n'), 5000);
  await second.give('ask', 'wrong');
  await vi.waitFor(() => expect(status('ask', second)).toBe('failed'), 5000);
  await second.renew();
  expect(records.get(sampleId)?.inputs).toEqual({});
  await second.begin();
  await vi.waitFor(() => expect(second.describe()[0]).toMatchObject({ input: 'awaited', attempt: 2 }));
  await mkdir(`${home}/go`);
  await second.give('ask', 'right');
  await vi.waitFor(() => expect(status('ask', second)).toBe('completed'), 5000);
});
