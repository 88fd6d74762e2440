// Init tasks on two real machines: the graph across them, what runs where and as whom, failures, crashes and restarts.
import { setTimeout } from 'node:timers/promises';
import type { Task } from '@playhouse/contract/task';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallRamMiB } from './support/small-machine.ts';

const machine = (name: string, users = '[{ name: root }]') => `
    - name: ${name}
      users: ${users}
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${smallRamMiB}MiB }`;

const manifest = `
kind: playground
playground:
  machines:${machine('alpha', '[{ name: laborant }]')}${machine('beta')}
  initConditions:
    values:
      - { key: Colour, options: [red, green] }
      - { key: Name, validationRegex: '^[a-z]+$', default: world }
      - { key: Note, nullable: true }
  initTasks:
    who:
      init: true
      user: laborant
      env: ['GREETING=hello x(.input.Name)']
      run: |
        echo "$GREETING from $(id -un) in $PWD by $BASH_VERSION"
        echo "'; touch /root/owned #"
        echo complaint >&2
    carried:
      init: true
      machine: beta
      needs: [who, green_only]
      run: |
        printf '%s' 'x(.needs.who.stdout)' > /root/carried
        printf '%s' "x(.needs.who.stderr)" > /root/complaint
        echo run >> /root/runs
    green_only:
      init: true
      conditions: [{ key: Colour, value: green }]
      run: touch /root/green
    broken:
      init: true
      machine: beta
      needs: [carried]
      run: |
        echo asked >> /root/broken-runs
        echo 'the file /root/mended is missing' >&2
        test -e /root/mended
    slow:
      init: true
      needs: [broken]
      run: |
        echo begun >> /root/slow-runs
        until test -e /root/go; do sleep 0.2; done
        sleep 1
        echo ended >> /root/slow-runs
    door:
      needs: [slow]
      run: test -e /root/door
      hintcheck: echo 'make /root/door'
    behind_the_door:
      machine: beta
      needs: [door, pulse]
      failcheck: '! test -e /root/doom'
      run: test -n 'x(.needs.pulse.stdout)' && test -e /root/behind
    pulse:
      helper: true
      machine: beta
      run: echo beat | tee -a /run/pulse
`;

const resources = new AsyncDisposableStack();
let installation: Installation;
let id: string;

beforeAll(async () => {
  installation = resources.use(await Installation.create());
  await installation.startServer();
  await installation.startEngine();
});
afterAll(async () => await resources.disposeAsync());

async function on(name: string, command: string): Promise<string> {
  const { machines } = await installation.playground(id);
  const address = machines.find((each) => each.name === name)?.edgeAddress ?? '';
  const { stdout } = await installation.ssh(address, 'root', command);
  return stdout.trim();
}

async function tasks(): Promise<Readonly<Record<string, Task>>> {
  const client = await installation.client();
  const { tasks: all } = await client('playground.tasks', { parameters: { playground: id } });
  return Object.fromEntries(all.map((task) => [task.name, task]));
}

/** What becomes of tasks is told a few times a second at most. */
const soon = { timeout: 60_000 };

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`in vain waited for: ${what}`);
    await setTimeout(300);
  }
}

async function start(conditions: Readonly<Record<string, string>>, text = manifest) {
  const client = await installation.client();
  const authorizedKeys = [await installation.publicKey()];
  return await client('playground.start', {
    body: { playspec: 'flexbox', authorizedKeys, manifest: text, conditions },
  });
}

test('choices that are missing, unknown or not allowed are all named at once', async () => {
  await expect(start({ Name: 'W0RLD', Color: 'red' })).rejects.toMatchObject({
    code: 'conditions-refused',
    message: expect.stringMatching(
      /`Color`.*`Colour`.*has no value \(one of: red, green\).*`Name` cannot be `W0RLD`/,
    ) as string,
  });
});

test('tasks run across machines in order, and one that fails leaves the machines for a look', async () => {
  const { playground, operation } = await start({ Colour: 'red' });
  id = playground.id;
  expect(playground.tasks.map(({ name }) => name)).not.toContain('green_only');
  const ended = await installation.ended(operation.id);
  expect(ended).toMatchObject({
    status: 'failed',
    error: { step: 'Running init tasks', code: 'task-failed' },
    steps: expect.arrayContaining([
      expect.objectContaining({ label: 'Running init tasks', status: 'failed' }),
    ]) as unknown,
  });
  expect(ended.error?.message).toContain('`broken` failed on machine beta: exit code 1');
  expect(ended.error?.message).toContain('the file /root/mended is missing');
  expect(await installation.playground(id)).toMatchObject({
    status: 'error',
    conditions: { Colour: 'red', Name: 'world' },
    machines: [{ state: 'running' }, { state: 'running' }],
  });
  expect(await tasks()).toMatchObject({
    who: { status: 'completed', user: 'laborant' },
    carried: { status: 'completed', exitCode: 0 },
    broken: { status: 'failed', exitCode: 1, attempt: 1 },
    slow: { status: 'blocked' },
    door: { status: 'blocked' },
  });
});

test('scripts run as their user, under bash; what a task printed reaches another machine as data', async () => {
  expect(await on('beta', 'cat /root/carried')).toMatch(
    /^hello world from laborant in \/home\/laborant by 5\.[^\n]*\n'; touch \/root\/owned #$/,
  );
  expect(await on('beta', 'cat /root/complaint; ls /root/owned 2>&1')).toMatch(/^complaintls: cannot access/);
  expect(await on('alpha', 'ls /root/green 2>&1')).toMatch(/cannot access/);
});

test('a task’s log says what it printed and how it ended', async () => {
  const log = await installation.cli('playground', 'tasks', id, '--log', 'broken');
  expect(log.stdout).toMatch(
    /^== \S+ run as root\nthe file \/root\/mended is missing\n== exit code 1, after [\d.]+ s\n$/,
  );
});

test('an engine that dies while a task runs runs that task again, and those that were done not', async () => {
  await on('beta', 'touch /root/mended');
  const client = await installation.client();
  const { operation } = await client('playground.retry', { parameters: { playground: id } });
  await until('the slow task', async () => (await on('alpha', 'cat /root/slow-runs')) === 'begun');
  await expect
    .poll(tasks, soon)
    .toMatchObject({ broken: { status: 'completed', attempt: 2 }, slow: { status: 'running' } });
  await installation.engine?.kill();
  await installation.startEngine({ PLAYHOUSE_CRASH_POINT: 'init-task/ran' });
  const dying = installation.engine;
  await until('its second run', async () => (await on('alpha', 'cat /root/slow-runs')) === 'begun\nbegun');
  await on('alpha', 'touch /root/go');
  expect(await dying?.exited).toBe('SIGKILL');
  await installation.startEngine();
  expect(await installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  expect((await installation.playground(id)).status).toBe('running');
  expect(await on('alpha', 'cat /root/slow-runs')).toBe('begun\nbegun\nended\nbegun\nended');
  expect(await on('beta', 'cat /root/runs; wc -l < /root/broken-runs')).toBe('run\n2');
});

test('regular tasks repeat until they succeed, helpers for ever; a hint says what is missing', async () => {
  await expect.poll(tasks, soon).toMatchObject({
    door: { status: 'running', exitCode: 1, hint: 'make /root/door' },
    behind_the_door: { status: 'blocked' },
  });
  await on('alpha', 'touch /root/door');
  await expect.poll(tasks, soon).toMatchObject({ door: { status: 'completed' } });
  await on('alpha', 'rm /root/door');
  const beats = async () => Number(await on('beta', 'wc -l < /run/pulse'));
  const before = await beats();
  await until('another beat', async () => (await beats()) > before);
  await expect
    .poll(tasks, soon)
    .toMatchObject({ door: { status: 'completed', hint: null }, pulse: { status: 'completed' } });
});

test('after a reboot of a machine no init task runs again, and helpers go on', async () => {
  const boot = await on('beta', 'cat /proc/sys/kernel/random/boot_id');
  await on('beta', 'systemctl reboot');
  await until('the reboot', async () => {
    const now = await on('beta', 'cat /proc/sys/kernel/random/boot_id');
    return now !== '' && now !== boot;
  });
  await until('a beat', async () => Number(await on('beta', 'wc -l < /run/pulse')) > 0);
  expect(await on('beta', 'cat /root/runs')).toBe('run');
  expect(await tasks()).toMatchObject({ carried: { status: 'completed' }, door: { status: 'completed' } });
});

test('a failcheck that fails ends the task and the playground; --wait says so', async () => {
  await on('beta', 'touch /root/doom');
  await until('the end', async () => (await installation.playground(id)).status === 'error');
  expect(await installation.playground(id)).toMatchObject({
    error: { code: 'task-failcheck' },
    machines: [{ state: 'running' }, {}],
  });
  const waited = await installation.cli('playground', 'tasks', id, '--wait', '-o', 'json');
  expect(waited.code).toBe(2);
  expect(JSON.parse(waited.stdout)).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ name: 'behind_the_door', status: 'failed' }),
    ]) as object,
  );
  await installation.destroy(id);
  expect(await installation.leftovers()).toEqual([]);
});

test('a task that hangs is stopped at its time limit and named', async () => {
  const hanging = `
kind: playground
playground:
  machines:${machine('vm')}
  initTasks:
    hang: { init: true, timeoutSeconds: 2, run: 'echo waiting for nothing; sleep 1000' }
`;
  const { playground, operation } = await start({}, hanging);
  expect(await installation.ended(operation.id)).toMatchObject({
    status: 'failed',
    error: {
      code: 'task-timed-out',
      message: expect.stringContaining('did not end within its 2 s') as string,
    },
  });
  id = playground.id;
  expect(await on('vm', 'pgrep -c "^sleep$" || true')).toBe('0');
  await installation.destroy(id);
  expect(await installation.leftovers()).toEqual([]);
});
