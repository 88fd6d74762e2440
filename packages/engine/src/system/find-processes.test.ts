import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findProcesses } from './find-processes.ts';
import { identify, isAlive, killAndWait } from './process-identity.ts';
import { startProgram } from './testing/start-program.ts';

test('a process is found by its words, whoever started it, and is named for good', async () => {
  const child = startProgram(['sleep', '62.125']);
  await once(child, 'spawn');
  const own = () => findProcesses((words) => words[1] === '62.125');
  const [found] = own();
  expect(found).toEqual({ process: identify(child.pid ?? 0), words: ['sleep', '62.125', ''] });
  if (found) await killAndWait(found.process);
  expect(found && isAlive(found.process)).toBe(false);
  expect(own()).toEqual([]);
});

test('a process of a container is none of ours, whatever it calls itself', async () => {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const argv = [...user, '--pid', '--fork', '--kill-child', '--', 'sleep', '63.125'];
  const container = startProgram(['unshare', ...argv]);
  const exited = once(container, 'exit');
  try {
    const inside = () => findProcesses((words) => words[0] === 'sleep' && words[1] === '63.125');
    const children = async () =>
      await readFile(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8');
    await expect.poll(async () => identify(Number(await children())), { timeout: 5000 }).not.toBeNull();
    await expect.poll(async () => await wordOf(Number(await children()))).toBe('sleep');
    expect(inside()).toEqual([]);
  } finally {
    container.kill('SIGKILL');
    await exited;
  }
});

async function wordOf(pid: number): Promise<string | undefined> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')[0];
}
