import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { commitFiles } from '../testing/commit-files.ts';
import { Checkout } from './checkout.ts';
import { settleCheckout } from './move-checkout.ts';

const { signal } = new AbortController();
let origin: string;
let folder: string;
let history: string;
let checkout: Checkout;

const file = (name: string) => join(folder, name);
const sync = async () => await checkout.sync(`file://${origin}`, { take: true }, signal);
const settle = async () => await settleCheckout({ folder, history });

/** As a Git leaves it that is killed between the files of what is new. */
beforeEach(async () => {
  const root = await temporaryDirectory();
  [origin, folder, history] = [join(root, 'origin'), join(root, 'work'), join(root, 'history.git')];
  await commitFiles(origin, { a: 'one', b: 'one', c: 'one', gone: 'one' });
  checkout = new Checkout(folder, history);
  await checkout.clone({ url: `file://${origin}`, branch: null, newFrom: null }, signal);
  await rm(join(origin, 'gone'));
  await commitFiles(origin, { a: 'two', b: 'two', c: 'two', fresh: 'two' });
  const newest = (await runOrFail(['git', '-C', origin, 'rev-parse', 'HEAD'])).stdout.trim();
  await runOrFail(['git', `--git-dir=${history}`, 'fetch', '--quiet', 'origin', 'main']);
  await writeFile(join(history, 'playhouse-moving'), newest);
  await writeFile(join(history, 'index.lock'), '');
  for (const name of ['a', 'fresh']) await writeFile(file(name), 'two');
  for (const name of ['b', 'gone']) await rm(file(name));
});

test('what was half taken up when Git was killed is taken back, and taken up anew', async () => {
  await settle();
  expect(await checkout.state()).toMatchObject({ dirty: false });
  expect(await readFile(file('b'), 'utf8')).toBe('one');
  expect(existsSync(file('fresh'))).toBe(false);
  expect(await sync()).toMatchObject({ standing: 'current', dirty: false });
  expect(await readFile(file('fresh'), 'utf8')).toBe('two');
  expect(existsSync(join(history, 'playhouse-moving'))).toBe(false);
});

test('nothing is taken back where somebody has worked since', async () => {
  await writeFile(file('c'), 'my work');
  await settle();
  expect(await checkout.state()).toMatchObject({ dirty: true });
  for (const [name, text] of [
    ['a', 'two'],
    ['c', 'my work'],
    ['fresh', 'two'],
  ] as const)
    expect(await readFile(file(name), 'utf8')).toBe(text);
});

test('one that was killed before it changed a file has nothing to be taken back, and overwrites nothing', async () => {
  await rm(join(history, 'index.lock'));
  const places = [`--git-dir=${history}`, `--work-tree=${folder}`];
  await runOrFail(['git', ...places, 'checkout', '--quiet', '--', 'a', 'b', 'gone']);
  await writeFile(join(history, 'info/exclude'), 'fresh\n');
  await writeFile(file('fresh'), 'mine, and ignored');
  await settle();
  expect(await readFile(file('fresh'), 'utf8')).toBe('mine, and ignored');
  expect(await checkout.state()).toMatchObject({ dirty: false });
});
