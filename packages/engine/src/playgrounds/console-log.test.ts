import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { consoleTail, keptBoots, readConsole } from './console-log.ts';

async function folder(logs: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(logs)) await writeFile(`${directory}/${name}`, content);
  return directory;
}

test('lists the boots in order of their numbers', async () => {
  const directory = await folder({
    'console-10.log': '',
    'console-2.log': '',
    'qemu.log': '',
    'console-x.log': '',
  });
  expect(await keptBoots(directory)).toEqual([2, 10]);
  expect(await keptBoots(`${directory}/none`)).toEqual([]);
});

test('without a boot the latest, without an offset the end', async () => {
  const directory = await folder({ 'console-1.log': 'first', 'console-2.log': 'abcdefgh' });
  expect(await readConsole(directory, { boot: null, offset: null, limit: 3 })).toEqual({
    boots: [1, 2],
    boot: 2,
    offset: 5,
    nextOffset: 8,
    content: 'fgh',
  });
});

test('slices can be read one after the other, up to the end', async () => {
  const directory = await folder({ 'console-1.log': 'abcdefgh' });
  const slices: string[] = [];
  let offset = 0;
  for (let round = 0; round < 5; round++) {
    const chunk = await readConsole(directory, { boot: 1, offset, limit: 3 });
    expect(chunk.offset).toBe(offset);
    slices.push(chunk.content);
    offset = chunk.nextOffset;
  }
  expect(slices).toEqual(['abc', 'def', 'gh', '', '']);
});

test('a machine that never booted has an empty console', async () => {
  const chunk = await readConsole(await folder({}), { boot: null, offset: null, limit: 100 });
  expect(chunk).toEqual({ boots: [], boot: 1, offset: 0, nextOffset: 0, content: '' });
});

test('what could drive a terminal is taken out', async () => {
  const hostile = '\u001b[31mred\u001b[0m\tand\r\n\u0007\u001b]0;title\u0007\u009b2J\u0000ünï\u007f';
  const directory = await folder({ 'console-1.log': hostile });
  const { content } = await readConsole(directory, { boot: 1, offset: 0, limit: 1000 });
  expect(content).toBe('red\tand\n]0;title2Jünï');
});

test('the tail fits into one line of an error', async () => {
  const directory = await folder({
    a: `${'x'.repeat(2000)}\n\n\u001b[1mone\r\n two \nthree\nfour\n`,
    b: '\n\n',
  });
  expect(await consoleTail(`${directory}/a`)).toBe('one | two | three | four');
  expect(await consoleTail(`${directory}/b`)).toBe('(nothing)');
  expect(await consoleTail(`${directory}/none`)).toBe('(nothing)');
});
