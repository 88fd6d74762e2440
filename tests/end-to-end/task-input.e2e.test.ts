// What a learner answers, on a real machine: tasks wait for it, run with it, find it in the file they name, and keep it; and
// what scripts inside are told of tasks meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallRamMiB } from './support/small-machine.ts';
import { until } from './support/until.ts';

const manifest = `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: root }, { name: laborant }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${smallRamMiB}MiB }
  initTasks:
    prepare:
      init: true
      run: |
        touch /root/prepared
        command -v examinerctl > /root/found
        examinerctl task get prepare > /root/known
    ask:
      env: ['ANSWER=x(.input)']
      run: |
        printf '%s\\n' 'x(.input)' >> /root/asked
        test "$ANSWER" = "it's 42"
      hintcheck: echo 'not x(.input)'
    save:
      user: laborant
      destination: answers/colour
      run: grep -qx blue answers/colour
`;

const resources = new AsyncDisposableStack();
let installation: Installation;
let id: string;
let address: string;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  const { playground, operation } = await installation.start(manifest);
  id = playground.id;
  await installation.ended(operation.id);
  address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
});
afterAll(async () => await resources.disposeAsync());

const inside = async (command: string) =>
  (await installation.ssh(address, 'root', `{ ${command}; } 2>&1`)).stdout;

async function task(name: string) {
  const { tasks } = await installation.playground(id);
  return tasks.find((each) => each.name === name);
}

const answer = async (name: string, value: string) =>
  await installation.cli('playground', 'answer', id, name, value);

test('a task that takes an input is not run before it has one, and says so', async () => {
  await until('tasks to be blocked', async () => (await task('ask'))?.status === 'blocked');
  expect(await task('save')).toMatchObject({ status: 'blocked', input: 'awaited' });
  expect(await inside('ls /root/prepared /root/asked /home/laborant/answers')).toMatch(
    /asked.*: No such file(.|\n)*answers.*: No such file/,
  );
  const { stdout } = await installation.cli('playground', 'tasks', id);
  expect(stdout).toMatch(/^ask .*blocked .*waits for an input$/m);
});

test('an init task finds examinerctl, and a learner’s shell does', async () => {
  expect(await inside('cat /root/found')).toBe('/usr/local/bin/examinerctl\n');
  expect(await inside('cat /root/known')).toMatch(/^name: prepare\nmachine: vm\nkind: init\n/);
  // The machine is told a moment after the server.
  await until('it to be told', async () => /^ask .* blocked$/m.test(await inside('examinerctl task ls')));
  const shell = await inside("su -l laborant -c 'examinerctl task wait prepare && examinerctl task ls'");
  expect(shell).toMatch(/^prepare: completed\n(.|\n)*^ask +vm +regular +blocked$/m);
  expect(await inside('examinerctl task wait ask --timeout 1s; echo $?')).toMatch(/still\n124\n$/);
});

test('hostile input is data, in the script and in the hint', async () => {
  const hostile = `$(touch /root/owned)'; touch /root/owned; "`;
  expect(await answer('ask', hostile)).toMatchObject({ code: 0 });
  await until('a run with it', async () => {
    const { hint, exitCode } = (await task('ask')) ?? {};
    return hint === `not ${hostile}` && exitCode !== null;
  });
  expect(await inside('head -1 /root/asked; ls /root/owned')).toContain(`${hostile}\nls: `);
  expect(await task('ask')).toMatchObject({ status: 'running', input: 'given', exitCode: 1 });
});

test('an engine that dies has the input when it comes back, and a new one makes the task succeed', async () => {
  const file = '/home/laborant/answers/colour';
  expect(await answer('save', 'red')).toMatchObject({ code: 0 });
  await until('the file', async () => (await inside(`cat ${file}`)) === 'red');
  expect(await inside(`stat -c %U ${file}`)).toBe('laborant\n');
  await installation.engine?.kill();
  await inside(`rm ${file}`);
  await installation.startEngine();
  await until('the file again', async () => (await inside(`cat ${file}`)) === 'red');
  expect(await task('save')).toMatchObject({ status: 'running', input: 'given' });
  const waiting = inside('examinerctl task wait save --timeout 60s');
  await answer('save', 'blue');
  expect(await waiting).toBe('save: completed\n');
  expect(await inside('grep -c red /run/playhouse/tasks')).toBe('0\n');
  await answer('ask', "it's 42");
  const done = await installation.cli('playground', 'wait', id, '--timeout', '60s');
  expect(done).toMatchObject({ code: 0 });
});

test('a task that has succeeded takes no input any more', async () => {
  const { code, stderr } = await answer('ask', 'more');
  expect(code).toBe(1);
  expect(stderr).toContain('takes no input now: it has completed');
});

test('a machine that booted again knows its tasks again', async () => {
  expect(await installation.cli('machine', 'reboot', id, 'vm')).toMatchObject({ code: 0 });
  await until('the statuses', async () =>
    (await inside('examinerctl task get ask').catch(() => '')).includes('status: completed'),
  );
});
