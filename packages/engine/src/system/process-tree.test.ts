import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { processTree } from './process-tree.ts';

test('children and theirs are found, and nobody else', async () => {
  const shell = spawn('sh', ['-c', 'sh -c "sleep 31.7; true" & echo ready; wait'], { detached: true });
  const { pid = 0 } = shell;
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'));
  await once(shell.stdout, 'data');
  await expect.poll(() => processTree(pid).length).toBe(3);
  expect(processTree(pid)[0]).toBe(pid);
  expect(processTree(pid)).not.toContain(process.pid);
  expect(processTree(process.pid)).toEqual(expect.arrayContaining([...processTree(pid)]));
});
