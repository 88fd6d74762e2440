import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { TaskLog } from './task-log.ts';

test('what guests say is kept in order and made printable', async () => {
  const path = `${await temporaryDirectory()}/t.log`;
  const log = new TaskLog(path);
  log.write('one\n');
  log.write('\u001B[31mtwo\u001B[0m\u0007\n');
  await log.settled();
  log.write('three\n');
  await log.settled();
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\nthree\n');
});

test('a log that grows too long keeps its end and says so', async () => {
  const path = `${await temporaryDirectory()}/t.log`;
  const log = new TaskLog(path);
  for (let line = 0; line < 200; line++) {
    log.write(`${line} ${'x'.repeat(5000)}\n`);
    await log.settled();
  }
  expect((await stat(path)).size).toBeLessThan(300 * 1024);
  const text = await readFile(path, 'utf8');
  expect(text.split('\n')[0]).toMatch(/^== what stood here before is gone/);
  expect(text.split('\n').at(-2)).toMatch(/^199 x/);
});

test('a folder that is not there costs the log, not the task', async () => {
  const log = new TaskLog('/nowhere/t.log');
  log.write('x');
  await expect(log.settled()).resolves.toBeUndefined();
});
