import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { commandLines } from './command-lines.ts';

test('tells the words of processes that live, and of none that ended', async () => {
  const child = spawn('sleep', ['61.25']);
  await once(child, 'spawn');
  const own = () => commandLines().filter(({ words }) => words[1] === '61.25');
  expect(own()).toEqual([{ pid: child.pid, words: ['sleep', '61.25', ''] }]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(own()).toEqual([]);
});

test('threads of the kernel are left out', () => {
  expect(commandLines().every(({ words }) => words[0] !== '')).toBe(true);
});
