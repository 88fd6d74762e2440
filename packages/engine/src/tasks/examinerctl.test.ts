import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { run } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';

const program = await readFile(new URL('examinerctl.sh', import.meta.url), 'utf8');
const lines =
  'prepare vm init completed none\ncheck vm regular running awaited\nbad db regular failed none\n';

/** The program with these statuses, or with none yet. */
async function place(statuses: string | null = lines) {
  const root = await temporaryDirectory();
  await mkdir(`${root}/run/playhouse`, { recursive: true });
  const file = `${root}/run/playhouse/tasks`;
  if (statuses !== null) await writeFile(file, statuses);
  await writeFile(`${root}/examinerctl`, program.replaceAll('/run/playhouse', `${root}/run/playhouse`));
  const examinerctl = async (...words: string[]) => await run(['sh', `${root}/examinerctl`, ...words]);
  return { file, examinerctl };
}

test('ls shows all tasks, as a table or for programs', async () => {
  const { examinerctl } = await place();
  const { stdout } = await examinerctl('task', 'ls');
  expect(stdout.split('\n').map((line) => line.split(/ +/))).toEqual([
    ['NAME', 'MACHINE', 'KIND', 'STATUS'],
    ['prepare', 'vm', 'init', 'completed'],
    ['check', 'vm', 'regular', 'running'],
    ['bad', 'db', 'regular', 'failed'],
    [''],
  ]);
  const json = await examinerctl('task', 'ls', '--json');
  expect(JSON.parse(json.stdout)).toContainEqual({
    name: 'check',
    machine: 'vm',
    kind: 'regular',
    status: 'running',
    input: 'awaited',
  });
});

test('get shows one; one that does not exist is a mistake', async () => {
  const { examinerctl } = await place();
  expect((await examinerctl('task', 'get', 'check')).stdout).toContain('status: running\ninput: awaited\n');
  for (const words of [['get', 'chec'], ['get'], ['wait', 'chec'], ['wait'], ['start', 'check']])
    expect(await examinerctl('task', ...words), words.join(' ')).toMatchObject({ exitCode: 2 });
});

test('wait ends with what became of the task', async () => {
  const { examinerctl } = await place();
  expect(await examinerctl('task', 'wait', 'prepare', '--timeout', '1h')).toMatchObject({ exitCode: 0 });
  expect(await examinerctl('task', 'wait', 'bad')).toMatchObject({ exitCode: 1 });
  expect(await examinerctl('task', 'wait', '--timeout=0s', 'check')).toMatchObject({ exitCode: 124 });
  expect(await examinerctl('task', 'wait', 'check', '--timeout', 'soon')).toMatchObject({ exitCode: 2 });
});

test('wait waits, also for the first statuses', async () => {
  const { file, examinerctl } = await place(null);
  expect(await examinerctl('task', 'ls')).toMatchObject({ exitCode: 1 });
  const waiting = examinerctl('task', 'wait', 'check', '--timeout', '1m');
  await sleep(100);
  await writeFile(file, lines.replace('running', 'completed'));
  expect(await waiting).toMatchObject({ exitCode: 0, stdout: 'check: completed\n' });
});
