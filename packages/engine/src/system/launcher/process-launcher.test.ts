import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { commandLines } from '../command-lines.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../process-identity.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { directLauncher } from './direct-launcher.ts';
import { describeLauncher } from './launcher.contract.ts';
import { openLauncher } from './open-launcher.ts';
import { ProcessLauncher } from './process-launcher.ts';

const sources = fileURLToPath(new URL('../../../../../launcher', import.meta.url));
const folder = await mkdtemp(`${tmpdir()}/playhouse-test-`);
const launcher = await openLauncher(sources, folder);
const [program = ''] = (await readdir(folder)).map((name) => `${folder}/${name}`);
afterAll(async () => {
  launcher.close();
  await rm(folder, { recursive: true });
});

describeLauncher(async () => await Promise.resolve(launcher));

/** The launcher’s own process. */
function ownProcess(): ProcessIdentity {
  const found = commandLines().find(({ words }) => words[0] === program);
  const process = identify(found?.pid ?? 0);
  if (!process) throw new Error('no launcher runs');
  return process;
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 10_000; !holds(); await setTimeout(10))
    if (performance.now() > deadline) throw new Error('it did not come to that');
}

const sleepers = (seconds: string) =>
  commandLines().filter(({ words }) => words[0] === 'sleep' && words[1] === seconds);

test('is built once, and again when its sources differ', async () => {
  const before = await readdir(folder);
  await openLauncher(sources, folder);
  expect(await readdir(folder)).toEqual(before);
  await writeFile(`${folder}/launcher-0123456789ab`, 'old');
  const changed = await temporaryDirectory();
  for (const name of await readdir(sources))
    await writeFile(`${changed}/${name}`, await readFile(`${sources}/${name}`));
  await writeFile(`${changed}/note.h`, '/* changed */\n');
  await openLauncher(changed, changed);
  expect((await readdir(changed)).filter((name) => name.startsWith('launcher-'))).toHaveLength(1);
});

test('sources that do not compile are an error with what the compiler said', async () => {
  const broken = await temporaryDirectory();
  await writeFile(`${broken}/launcher.c`, 'int main(void) { return nothing; }\n');
  await expect(openLauncher(broken, broken)).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('nothing') as string,
  });
});

test('programs have no file open but their three', async () => {
  expect((await launcher.run(['ls', '/proc/self/fd'])).stdout.split('\n')).toEqual(['0', '1', '2', '3', '']);
});

test('takes next to no memory', async () => {
  await launcher.run(['true']);
  const status = await readFile(`/proc/${ownProcess().pid}/status`, 'utf8');
  expect(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])).toBeLessThan(2000);
});

test('leaves no file open behind programs that ended', async () => {
  await launcher.run(['true']);
  const files = async () => (await readdir(`/proc/${ownProcess().pid}/fd`)).length;
  const before = await files();
  await Promise.all(Array.from({ length: 50 }, async () => await launcher.run(['cat'], { input: 'x' })));
  await launcher.run(['playhouse-no-such-program']).catch(() => {});
  await (
    await launcher.startDetached(['true'], `${folder}/log`)
  ).exited;
  expect(await files()).toBe(before);
});

test('when it dies, what it ran has failed and ended, what is detached goes on, and another takes its place', async () => {
  const running = launcher.run(['sleep', '61.5']);
  const lines: string[] = [];
  const telling = launcher.run(['sh', '-c', 'echo begun; exec sleep 61.5'], {
    onLine: (line) => lines.push(line),
  });
  const detached = await launcher.startDetached(['sleep', '62.5'], `${folder}/log`);
  await until(() => sleepers('61.5').length === 2 && lines.length === 1);
  const first = ownProcess();
  await killAndWait(first);
  expect(await running).toMatchObject({
    exitCode: -1,
    stderr: expect.stringContaining('ended with') as string,
  });
  expect(await telling).toMatchObject({ exitCode: -1, stdout: 'begun\n' });
  await until(() => sleepers('61.5').length === 0);
  expect((await launcher.run(['echo', 'again'])).stdout).toBe('again\n');
  expect(ownProcess()).not.toEqual(first);
  const survivor = identify(detached.pid ?? 0);
  if (!survivor) throw new Error('the detached program ended');
  await killAndWait(survivor);
  expect(await detached.exited).toBe('an unknown cause');
});

test('what a program leaves in its group ends with it when it takes too long', async () => {
  const leaving = ['sh', '-c', 'sleep 63.5 & wait'];
  await expect(launcher.run(leaving, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'command-timeout' });
  await until(() => sleepers('63.5').length === 0);
});

test('does not wait for what a program leaves behind with its streams open', async () => {
  const { stdout } = await launcher.run(['sh', '-c', 'sleep 64.5 & echo done']);
  expect(stdout).toBe('done\n');
  for (const { pid } of sleepers('64.5')) {
    const left = identify(pid);
    if (left) await killAndWait(left);
  }
});

test('a program that is not there is no reason not to start others: they are started directly', async () => {
  const without = new ProcessLauncher(`${folder}/nothing`, directLauncher);
  expect((await without.run(['echo', 'here'])).stdout).toBe('here\n');
  expect(await (await without.startDetached(['true'], `${folder}/log`)).exited).toBe(0);
});

test('when whoever started it is killed, it tells the programs to end, kills those that do not, and ends', async () => {
  const flag = `${folder}/told`;
  const script = `
    const { ProcessLauncher } = await import(${JSON.stringify(new URL('process-launcher.ts', import.meta.url).href)});
    const launcher = new ProcessLauncher(${JSON.stringify(program)}, null);
    void launcher.run(['sh', '-c', 'trap "echo told > ${flag}; exit" TERM; echo; while :; do sleep 0.1; done'], { onLine: () => {
      void launcher.run(['sh', '-c', 'trap "" TERM; echo; exec sleep 65.5'], { onLine: async () => {
        const { pid } = await launcher.startDetached(['sleep', '66.5'], ${JSON.stringify(`${folder}/log`)});
        console.log(pid);
      } });
    } });`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(owner.stdout, 'data')) as [Buffer];
  const detached = identify(Number(printed.toString()));
  const launchers = () => commandLines().filter(({ words }) => words[0] === program).length;
  const before = launchers();
  owner.kill('SIGKILL');
  await until(() => launchers() === before - 1);
  expect(await readFile(flag, 'utf8')).toBe('told\n');
  expect(sleepers('65.5')).toEqual([]);
  if (!detached || !isAlive(detached)) throw new Error('the detached program ended');
  await killAndWait(detached);
});
