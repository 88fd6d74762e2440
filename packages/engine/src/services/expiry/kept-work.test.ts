// Nobody’s work goes because a time is over: looked at with real Git, whatever is known of the playground.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { KeptWork } from './kept-work.ts';

const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
const { id } = sampleRecord().order;
const { signal } = new AbortController();
let repository: string;
let records: ServicesRecords;
let tools: ServicesTools;
let kept: KeptWork;
let told: string[];

const folder = () => records.files(id).checkout('web');
const history = () => records.files(id).history('web');
const inRepository = async (...words: string[]) =>
  await runOrFail(['git', ...author, '-C', repository, ...words]);
const inCheckout = async (...words: string[]) =>
  await runOrFail(['git', ...author, `--git-dir=${history()}`, `--work-tree=${folder()}`, ...words]);
const clone = async () =>
  await checkoutOf({ tools, id }, 'web').clone(
    { url: `file://${repository}`, branch: null, newFrom: null },
    signal,
  );
const look = async () => Object.fromEntries(await kept.look(id));

beforeEach(async () => {
  const root = await temporaryDirectory();
  repository = join(root, 'origin');
  await mkdir(repository);
  await inRepository('init', '--quiet');
  await writeFile(join(repository, 'README'), 'one\n');
  await inRepository('add', '--all');
  await inRepository('commit', '--quiet', '--message', 'one');
  records = new ServicesRecords(join(root, 'services'));
  await records.load();
  await records.save(sampleRecord());
  tools = { records, credentials: { forRepository: async () => null } } as unknown as ServicesTools;
  told = [];
  kept = new KeptWork(tools, (changed) => told.push(changed));
});

test.each(['running', 'error', 'completed', 'starting'] as const)(
  'in state %s changes are found, and what is clean can go',
  async (state) => {
    await clone();
    await records.change(id, { state });
    expect(await look()).toEqual({});
    await writeFile(join(folder(), 'mine'), 'my work\n');
    expect(await look()).toEqual({ web: 'changes' });
    const refused = kept.requireNone({ id, operationId: 'o' });
    await expect(refused).rejects.toMatchObject({
      code: 'work-kept',
      message: expect.stringContaining('pg-7-shop'),
    });
    await rm(join(folder(), 'mine'));
    await kept.requireNone({ id, operationId: 'o' });
    expect(told).toEqual([id, id]);
  },
);

test('commits are kept until the repository has them, on whatever branch, and so is what was put aside', async () => {
  await clone();
  await inCheckout('switch', '--quiet', '--create', 'mine');
  await writeFile(join(folder(), 'README'), 'two\n');
  await inCheckout('commit', '--quiet', '--all', '--message', 'two');
  await inCheckout('switch', '--quiet', 'main');
  expect(await look()).toEqual({ web: 'commits' });
  await inCheckout('push', '--quiet', 'origin', 'mine');
  expect(await look()).toEqual({});
  await writeFile(join(folder(), 'README'), 'aside\n');
  await inCheckout('stash', '--quiet');
  expect(await look()).toEqual({ web: 'commits' });
});

test('a checkout that is there and cannot be read is kept', async () => {
  await clone();
  await rename(join(history(), 'HEAD'), join(history(), 'HEAD.lost'));
  expect(await look()).toEqual({ web: 'unreadable' });
  await rm(history(), { recursive: true });
  expect(await look()).toEqual({ web: 'unreadable' });
});

test('what a clone left that was cut short before anything came up keeps nothing', async () => {
  await records.change(id, { established: false });
  await mkdir(folder(), { recursive: true });
  await writeFile(join(folder(), 'half'), '');
  expect(await look()).toEqual({});
});

test('a destruction that has begun goes on, whatever its checkouts look like by then', async () => {
  await clone();
  await rm(history(), { recursive: true });
  await writeFile(records.files(id).journal('begun'), '');
  await kept.requireNone({ id, operationId: 'begun' });
  await expect(kept.requireNone({ id, operationId: 'other' })).rejects.toMatchObject({ code: 'work-kept' });
  await records.change(id, { state: 'destroying' });
  await kept.requireNone({ id, operationId: 'other' });
});
