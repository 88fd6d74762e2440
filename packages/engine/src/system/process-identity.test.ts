import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify, isAlive, killAndWait } from './process-identity.ts';

test('knows its own process', () => {
  const self = identify(process.pid);
  expect(self).toMatchObject({ pid: process.pid, startTime: expect.stringMatching(/^\d+$/) as string });
  expect(self && isAlive(self)).toBe(true);
});

test('a process with the same pid but another start, or of another boot, is another', () => {
  const self = identify(process.pid);
  if (!self) throw new Error('this process lives');
  expect(isAlive({ ...self, startTime: `${self.startTime}0` })).toBe(false);
  expect(isAlive({ ...self, bootId: 'an earlier one' })).toBe(false);
});

test('there is no process where there is none', () => {
  expect(identify(2 ** 30)).toBeNull();
  expect(identify(Number.NaN)).toBeNull();
});

test('kills exactly the process and waits until it is gone; again is harmless', async () => {
  const child = spawn('sleep', ['60']);
  const exited = once(child, 'exit');
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('the child lives');
  await killAndWait(identity);
  expect(isAlive(identity)).toBe(false);
  await killAndWait(identity);
  expect((await exited)[1]).toBe('SIGKILL');
});
