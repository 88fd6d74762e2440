import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { Checkout } from './checkout.ts';

const { signal } = new AbortController();
const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
let repository: string;
let checkout: Checkout;
let folder: string;

const inRepository = async (...words: string[]) =>
  await runOrFail(['git', ...author, '-C', repository, ...words]);
const commit = async (file: string, content: string) => {
  await writeFile(join(repository, file), content);
  await inRepository('add', '--all');
  await inRepository('commit', '--quiet', '--message', file);
};
const clone = async (branch: string | null = null, newFrom: string | null = null) =>
  await checkout.clone({ url: `file://${repository}`, branch, newFrom }, signal);

beforeEach(async () => {
  const root = await temporaryDirectory();
  repository = join(root, 'origin');
  folder = join(root, 'work');
  await mkdir(repository);
  await inRepository('init', '--quiet');
  await commit('README', 'one\n');
  checkout = new Checkout(folder, join(root, 'history.git'));
});

test('a clone is the default branch, with its history out of reach of whoever mounts it', async () => {
  await clone();
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('one\n');
  await expect(readFile(join(folder, '.git'), 'utf8')).rejects.toThrow('ENOENT');
  expect(await checkout.state()).toMatchObject({ branch: 'main', dirty: false });
});

test('a branch that is made anew begins where it is said to', async () => {
  await inRepository('branch', 'feature');
  await clone('mine', 'feature');
  expect(await checkout.state()).toMatchObject({ branch: 'mine', dirty: false });
});

test('a branch that is not there is named', async () => {
  await expect(clone('nowhere')).rejects.toMatchObject({
    code: 'branch-unknown',
    message: expect.stringContaining('`nowhere`'),
  });
});

test('a repository that is not there is said to be unknown', async () => {
  const wish = { url: `file://${repository}x`, branch: null, newFrom: null };
  await expect(checkout.clone(wish, signal)).rejects.toMatchObject({ code: 'repository-unknown' });
});

test('a clone that was cut short is made anew, one that is whole is left alone', async () => {
  await mkdir(folder);
  await writeFile(join(folder, 'half'), '');
  await clone();
  await expect(readFile(join(folder, 'half'), 'utf8')).rejects.toThrow('ENOENT');
  await writeFile(join(folder, 'README'), 'my work\n');
  await clone();
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('my work\n');
});

const sync = async (take = true) => await checkout.sync(`file://${repository}`, { take }, signal);

test('new commits come, but never over what somebody works on', async () => {
  await clone();
  expect(await sync()).toMatchObject({ standing: 'current', dirty: false });
  await commit('README', 'two\n');
  expect(await sync(false)).toMatchObject({ standing: 'behind' });
  expect(await sync()).toMatchObject({ standing: 'current' });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('two\n');
  await writeFile(join(folder, 'README'), 'my work\n');
  await commit('README', 'three\n');
  expect(await sync()).toMatchObject({ standing: 'behind', dirty: true });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('my work\n');
});

test('a file of somebody’s that Git was told to ignore is not overwritten either', async () => {
  await commit('.gitignore', 'local.cfg\n');
  await clone();
  const url = `file://${repository}`;
  await writeFile(join(folder, 'local.cfg'), 'my work\n');
  await inRepository('checkout', '--quiet', '-b', 'theirs');
  await writeFile(join(repository, 'local.cfg'), 'theirs\n');
  await inRepository('add', '--force', 'local.cfg');
  await inRepository('commit', '--quiet', '--message', 'local.cfg');
  await expect(
    checkout.switchTo('web', { url, branch: 'theirs', newFrom: null }, signal),
  ).rejects.toMatchObject({ code: 'checkout-dirty' });
  await inRepository('branch', '--force', 'main', 'theirs');
  expect(await sync()).toMatchObject({ branch: 'main', standing: 'behind', inTheWay: ['local.cfg'] });
  expect(await readFile(join(folder, 'local.cfg'), 'utf8')).toBe('my work\n');
  await rm(join(folder, 'local.cfg'));
  expect(await sync()).toMatchObject({ standing: 'current', inTheWay: [] });
  expect(await readFile(join(folder, 'local.cfg'), 'utf8')).toBe('theirs\n');
});

test('a tag is no branch, but a branch may be made from one', async () => {
  await inRepository('tag', 'v1');
  const { stdout } = await inRepository('rev-parse', 'v1');
  await commit('README', 'two\n');
  await expect(clone('v1')).rejects.toMatchObject({ code: 'branch-unknown' });
  await inRepository('branch', 'v1', 'main');
  await clone('v1');
  expect(await checkout.state()).toMatchObject({
    branch: 'v1',
    commit: expect.not.stringMatching(stdout.trim()),
  });
  await checkout.switchTo(
    'web',
    { url: `file://${repository}`, branch: 'old', newFrom: 'refs/tags/v1' },
    signal,
  );
  expect(await checkout.state()).toMatchObject({ branch: 'old', commit: stdout.trim() });
});

test('a checkout that is on no branch follows none', async () => {
  await clone();
  const { commit: here } = await checkout.state();
  await runOrFail([
    'git',
    '--git-dir',
    join(folder, '..', 'history.git'),
    'update-ref',
    '--no-deref',
    'HEAD',
    here,
  ]);
  await commit('README', 'two\n');
  expect(await sync()).toMatchObject({ commit: here, standing: 'local', newest: null });
});

test('a branch that is to be made anew is not somebody else’s of the same name', async () => {
  await inRepository('branch', 'feature');
  await inRepository('checkout', '--quiet', 'feature');
  await commit('theirs', 'theirs\n');
  const url = `file://${repository}`;
  await expect(clone('feature', 'main')).rejects.toMatchObject({ code: 'branch-taken' });
  await clone('main');
  const made = checkout.switchTo('web', { url, branch: 'feature', newFrom: 'main' }, signal);
  await expect(made).rejects.toMatchObject({ code: 'branch-taken' });
});

test('a copy of a playground takes the branch that was made in that one and pushed since', async () => {
  await inRepository('branch', 'feature');
  await inRepository('checkout', '--quiet', 'feature');
  await commit('pushed', 'pushed\n');
  await checkout.clone(
    { url: `file://${repository}`, branch: 'feature', newFrom: 'main', orExisting: true },
    signal,
  );
  expect(await readFile(join(folder, 'pushed'), 'utf8')).toBe('pushed\n');
  expect(await sync()).toMatchObject({ branch: 'feature', standing: 'current' });
});

test('who only asks whether something is new fetches nothing while nothing is', async () => {
  await clone();
  const fetched = join(folder, '../history.git/FETCH_HEAD');
  expect(await sync()).toMatchObject({ standing: 'current', newest: (await checkout.state()).commit });
  expect(existsSync(fetched)).toBe(false);
  await commit('README', 'two\n');
  expect(await sync()).toMatchObject({ standing: 'current', branch: 'main', dirty: false });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('two\n');
  expect(existsSync(fetched)).toBe(true);
  // Another branch that ends like it is another.
  await inRepository('branch', 'refs/heads/main', 'HEAD');
  expect(await sync()).toMatchObject({ standing: 'current' });
  await writeFile(join(folder, 'README'), 'mine\n');
  expect(await sync()).toMatchObject({ standing: 'current', dirty: true });
});

test('commits that were made here are nobody’s own any more once the repository has them', async () => {
  await clone();
  const history = join(folder, '../history.git');
  const here = async (...words: string[]) =>
    await runOrFail(['git', ...author, `--git-dir=${history}`, `--work-tree=${folder}`, ...words]);
  await writeFile(join(folder, 'README'), 'mine\n');
  await here('commit', '--quiet', '--all', '--message', 'mine');
  expect(await sync()).toMatchObject({ standing: 'ahead' });
  expect(await checkout.hasOwnCommits()).toBe(true);
  await inRepository('fetch', '--quiet', history, 'main');
  await inRepository('reset', '--quiet', '--hard', 'FETCH_HEAD');
  expect(await sync()).toMatchObject({ standing: 'current' });
  expect(await checkout.hasOwnCommits()).toBe(false);
});

test('the newest commit is told, also where it is not taken up, but for a branch that is only here', async () => {
  await clone();
  await commit('README', 'two\n');
  const newest = (await inRepository('rev-parse', 'HEAD')).stdout.trim();
  expect(await sync(false)).toMatchObject({ standing: 'behind', newest });
  expect(await sync()).toMatchObject({ commit: newest, newest });
  await checkout.switchTo('web', { url: '', branch: 'work', newFrom: 'main' }, signal);
  expect(await sync()).toMatchObject({ standing: 'local', newest: null });
});

test('a copy at a commit that was fetched is apart from the checkout, and takes nothing that is worked on', async () => {
  await clone();
  const pinned = (await checkout.state()).commit;
  await writeFile(join(folder, 'mine'), 'my work\n');
  await commit('README', 'two\n');
  const { newest } = await sync(false);
  await checkout.switchTo('web', { url: '', branch: 'main', newFrom: null }, signal);
  const copy = new Checkout(`${folder}-copy`, `${folder}-histories/copy.git`);
  await checkout.copyTo(copy, newest ?? '', signal);
  expect(await copy.state()).toMatchObject({ branch: 'main', commit: newest });
  expect(await copy.read('README')).toBe('two\n');
  expect(await readdir(`${folder}-copy`)).toEqual([]);
  expect(await checkout.state()).toMatchObject({ commit: pinned, dirty: true });
  expect(await checkout.read('README')).toBe('one\n');
  await rm(`${folder}-copy`, { recursive: true });
  await rm(`${folder}-histories`, { recursive: true });
  expect(await checkout.read('README')).toBe('one\n');
});

test('a branch that was made here is told from one that went another way', async () => {
  await clone('work', 'main');
  expect(await sync()).toMatchObject({ branch: 'work', standing: 'local' });
});

test('another branch is gone over to, unless somebody has worked here', async () => {
  const url = `file://${repository}`;
  await clone();
  await checkout.switchTo('web', { url, branch: 'work', newFrom: 'main' }, signal);
  expect(await checkout.state()).toMatchObject({ branch: 'work', dirty: false });
  await checkout.switchTo('web', { url, branch: 'main', newFrom: null }, signal);
  expect(await checkout.state()).toMatchObject({ branch: 'main' });
  const nowhere = checkout.switchTo('web', { url, branch: 'nowhere', newFrom: null }, signal);
  await expect(nowhere).rejects.toMatchObject({ code: 'branch-unknown' });
  await writeFile(join(folder, 'README'), 'my work\n');
  const away = checkout.switchTo('web', { url, branch: 'work', newFrom: null }, signal);
  await expect(away).rejects.toMatchObject({ code: 'checkout-dirty' });
  expect(await readFile(join(folder, 'README'), 'utf8')).toBe('my work\n');
});

test('a file is read as it was committed, and links lead no further than the branch', async () => {
  await symlink('.env.example', join(repository, 'inside'));
  await symlink('/etc/passwd', join(repository, 'outside'));
  await symlink('../README', join(repository, 'above'));
  await commit('.env.example', 'A=1\n');
  await clone();
  await rm(join(folder, '.env.example'));
  expect(await checkout.read('.env.example')).toBe('A=1\n');
  expect(await checkout.read('inside')).toBe('A=1\n');
  for (const none of ['nothing', 'outside', 'above', '.', 'README\nHEAD:README', '.env.example/x'])
    expect(await checkout.read(none)).toBeNull();
});

test('settings that a container leaves in the working copy have Git run nothing', async () => {
  await clone();
  const trap = join(folder, 'trapped');
  await mkdir(join(folder, '.git/hooks'), { recursive: true });
  await writeFile(join(folder, '.git/config'), `[core]\n\tfsmonitor = touch ${trap}\n`);
  await writeFile(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  await checkout.state();
  await expect(readFile(trap)).rejects.toThrow('ENOENT');
});

test('a branch is peeked at without a working copy; one that is not there is named', async () => {
  await commit('.env.example', 'A=1\n');
  const wish = { url: `file://${repository}`, branch: null, newFrom: null };
  const head = (await inRepository('rev-parse', 'HEAD')).stdout.trim();
  expect(await checkout.peek(wish, signal)).toBe(head);
  expect(await checkout.read('.env.example')).toBe('A=1\n');
  expect(await checkout.read('nothing')).toBeNull();
  await expect(readFile(join(folder, 'README'), 'utf8')).rejects.toThrow('ENOENT');
  const other = new Checkout(`${folder}-2`, `${folder}-2.git`);
  await expect(other.peek({ ...wish, branch: 'nowhere' }, signal)).rejects.toMatchObject({
    code: 'branch-unknown',
  });
});

test('a repository that a container makes within the checkout has Git run nothing', async () => {
  const { stdout: head } = await inRepository('rev-parse', 'HEAD');
  await inRepository('update-index', '--add', '--cacheinfo', `160000,${head.trim()},sub`);
  await inRepository('commit', '--quiet', '--message', 'link');
  await clone();
  const sub = join(folder, 'sub');
  const inSub = async (...words: string[]) => await runOrFail(['git', ...author, '-C', sub, ...words]);
  await inSub('init', '--quiet');
  await writeFile(join(sub, 'file'), 'one\n');
  await inSub('add', '--all');
  await inSub('commit', '--quiet', '--message', 'one');
  await writeFile(join(sub, '.gitattributes'), '* filter=evil\n');
  await inSub('config', 'filter.evil.clean', `touch ${folder}/ran; cat`);
  await writeFile(join(sub, 'file'), 'two\n');
  await writeFile(join(folder, '.gitmodules'), '[submodule "sub"]\npath = sub\nurl = ./sub\nignore = none\n');
  await checkout.state();
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});
