import { appendFile, readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { Journal } from './journal.ts';

const error = { code: 'network-failed', message: 'No.', hint: 'Try.' };

test('a new journal knows nothing', async () => {
  const journal = await Journal.open(`${await temporaryDirectory()}/j`);
  expect(journal.markOf('one')).toBeNull();
  expect(journal.failure).toBeNull();
  await journal.close();
});

test('remembers the last mark of each step when it is opened again', async () => {
  const path = `${await temporaryDirectory()}/j`;
  const first = await Journal.open(path);
  await first.write('one', 'begin');
  await first.write('one', 'done');
  await first.write('two', 'begin');
  expect(first.markOf('one')).toBe('done');
  await first.close();
  const second = await Journal.open(path);
  expect([second.markOf('one'), second.markOf('two'), second.markOf('three')]).toEqual([
    'done',
    'begin',
    null,
  ]);
  await second.write('two', 'done');
  expect(second.markOf('two')).toBe('done');
  await second.close();
});

test('remembers what failed, also after its steps were undone', async () => {
  const path = `${await temporaryDirectory()}/j`;
  const first = await Journal.open(path);
  await first.write('one', 'begin');
  await first.write('one', 'failed', error);
  await first.write('one', 'undone');
  expect(first.failure).toEqual({ step: 'one', error });
  await first.close();
  const second = await Journal.open(path);
  expect(second.failure).toEqual({ step: 'one', error });
  expect(second.markOf('one')).toBe('undone');
  await second.close();
});

test.each(['{"step":"two","mark":"beg', '{"step":"zwö', '{'])(
  'drops a half-written last line: %s',
  async (half) => {
    const path = `${await temporaryDirectory()}/j`;
    const first = await Journal.open(path);
    await first.write('Gerät', 'begin');
    await first.close();
    await appendFile(path, half);
    const second = await Journal.open(path);
    expect([second.markOf('Gerät'), second.markOf('two')]).toEqual(['begin', null]);
    await second.write('two', 'begin');
    await second.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(2);
  },
);

test('drops a last line that was cut inside a character', async () => {
  const path = `${await temporaryDirectory()}/j`;
  await appendFile(path, '{"step":"one","mark":"done"}\n');
  await appendFile(path, Buffer.from('{"step":"ö').subarray(0, -1));
  const journal = await Journal.open(path);
  await journal.write('two', 'begin');
  await journal.close();
  expect(await readFile(path, 'utf8')).toBe('{"step":"one","mark":"done"}\n{"step":"two","mark":"begin"}\n');
});

test('a discarded journal is gone', async () => {
  const directory = await temporaryDirectory();
  const journal = await Journal.open(`${directory}/j`);
  await journal.write('one', 'begin');
  await journal.discard();
  expect(await readdir(directory)).toEqual([]);
});
