import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { Checkout } from './checkout.ts';
import { gitError } from './git.ts';

const { signal } = new AbortController();
const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
let [repository, folder] = ['', ''];
let checkout: Checkout;

const inRepository = async (...words: string[]) =>
  await runOrFail(['git', ...author, '-C', repository, ...words]);
const commit = async (files: Readonly<Record<string, string>>) => {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(repository, file)), { recursive: true });
    await writeFile(join(repository, file), content);
  }
  await inRepository('add', '--all');
  await inRepository('commit', '--quiet', '--message', 'change');
};
const wish = (branch: string | null = null, newFrom: string | null = null) => ({
  ...{ url: `file://${repository}`, branch, newFrom },
});

beforeEach(async () => {
  const root = await temporaryDirectory();
  [repository, folder] = [join(root, 'origin'), join(root, 'work')];
  await mkdir(repository);
  await inRepository('init', '--quiet');
  checkout = new Checkout(folder, join(root, 'history.git'));
});

test('a repository without a commit is told as such; once there is one it is cloned', async () => {
  await expect(checkout.clone(wish(), signal)).rejects.toMatchObject({ code: 'repository-empty' });
  const peeked = new Checkout(`${folder}-peeked`, `${folder}-peeked.git`).peek(wish(), signal);
  await expect(peeked).rejects.toMatchObject({ code: 'repository-empty' });
  await expect(checkout.clone(wish('new', 'main'), signal)).rejects.toMatchObject({ code: 'branch-unknown' });
  await commit({ README: 'one' });
  await checkout.clone(wish(), signal);
  expect(await checkout.state()).toMatchObject({ branch: 'main', dirty: false });
});

test('a branch whose name Git cannot make is refused by its name, and changes no file of the checkout', async () => {
  await commit({ README: 'one' });
  await inRepository('checkout', '--quiet', '-b', 'other');
  await commit({ README: 'other', more: 'more' });
  await inRepository('checkout', '--quiet', 'main');
  for (const name of ['main/below', 'a..b'])
    await expect(checkout.clone(wish(name, 'main'), signal)).rejects.toMatchObject({
      code: 'branch-impossible',
      message: expect.stringContaining(`\`${name}\``),
    });
  await checkout.clone(wish(), signal);
  const go = checkout.switchTo('web', { ...wish('main/below', 'other'), branch: 'main/below' }, signal);
  await expect(go).rejects.toMatchObject({ code: 'branch-impossible' });
  expect(await checkout.state()).toMatchObject({ branch: 'main', dirty: false });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('one');
  expect(existsSync(join(folder, 'more'))).toBe(false);
});

test('a new branch that is not gone over to is not left behind: the next try may make it from another', async () => {
  await commit({ '.gitignore': 'own\n' });
  await inRepository('checkout', '--quiet', '-b', 'other');
  await commit({ '.gitignore': '', own: 'theirs' });
  await inRepository('checkout', '--quiet', 'main');
  await checkout.clone(wish(), signal);
  await writeFile(join(folder, 'own'), 'mine');
  const go = async (from: string) =>
    await checkout.switchTo('web', { ...wish('new', from), branch: 'new' }, signal);
  await expect(go('other')).rejects.toMatchObject({ code: 'checkout-dirty' });
  expect(await readFile(join(folder, 'own'), 'utf8')).toBe('mine');
  await go('main');
  expect(await checkout.state()).toMatchObject({ branch: 'new', dirty: false });
  expect(await readFile(join(folder, 'own'), 'utf8')).toBe('mine');
});

test('names of branches may have slashes, and differ in their letters alone', async () => {
  await commit({ README: 'one' });
  await inRepository('checkout', '--quiet', '-b', 'feature/One');
  await commit({ README: 'two' });
  await inRepository('branch', 'feature/one', 'main');
  await checkout.clone(wish('feature/One'), signal);
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('two');
  await checkout.switchTo('web', { ...wish(), branch: 'feature/one' }, signal);
  expect(await checkout.state()).toMatchObject({ branch: 'feature/one', dirty: false });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('one');
});

test('what Git says is taken for what it is, whatever numbers an address has in it', () => {
  const url = 'https://git.example.org/401/x404.git';
  const codes = {
    [`fatal: unable to access '${url}/': Failed to connect to git.example.org port 443`]: 'repository-failed',
    [`fatal: unable to access '${url}/': The requested URL returned error: 403`]: 'repository-refused',
    [`fatal: unable to access '${url}/': The requested URL returned error: 401`]: 'repository-refused',
    [`fatal: unable to access '${url}/': The requested URL returned error: 404`]: 'repository-unknown',
    [`fatal: repository '${url}/' not found`]: 'repository-unknown',
    'fatal: write error: No space left on device\nfatal: index-pack failed': 'disk-full',
  };
  for (const [said, code] of Object.entries(codes)) {
    const error = gitError(url, said, null, undefined, '/checkouts');
    expect([said, error instanceof PlayhouseError && error.code]).toEqual([said, code]);
  }
});
