import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { Checkout } from './checkout.ts';
import { PrivateCopy } from './private-copy.ts';

const { signal } = new AbortController();
const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
let [root, repository, checkout, history, own] = ['', '', '', '', ''];

const inRepository = async (...words: string[]) =>
  (await runOrFail(['git', ...author, '-C', repository, ...words])).stdout.trim();
const inHistory = async (...words: string[]) =>
  (await runOrFail(['git', `--git-dir=${history}`, ...words])).stdout.trim();

async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, content] of Object.entries(files)) await writeFile(join(repository, file), content);
  await inRepository('add', '--all');
  await inRepository('commit', '--quiet', '--message', 'change');
  return await inRepository('rev-parse', 'HEAD');
}

const cloned = async () =>
  await new Checkout(checkout, history).clone(
    { url: `file://${repository}`, branch: null, newFrom: null },
    signal,
  );
const copied = async (work: (copy: PrivateCopy) => Promise<void>) =>
  await PrivateCopy.with({ checkout, history }, own, signal, work);
const read = async (folder: string, file: string) => await readFile(join(folder, file), 'utf8');
const files = async (folder: string) => (await readdir(folder, { recursive: true })).toSorted();

beforeEach(async () => {
  root = await temporaryDirectory();
  [repository, checkout] = [join(root, 'origin'), join(root, 'work')];
  [history, own] = [join(root, 'history.git'), join(root, 'own')];
  await mkdir(join(repository, 'sub'), { recursive: true });
  await inRepository('init', '--quiet');
  await commit({ '.gitignore': 'secret\n', page: 'one\n', 'sub/page': 'below\n' });
  await cloned();
});

test('a copy of a commit has what was committed: nothing of what somebody works on, ignored or not', async () => {
  const head = await inHistory('rev-parse', 'HEAD');
  await writeFile(join(checkout, 'page'), 'mine\n');
  await writeFile(join(checkout, 'secret'), 'ignored\n');
  await mkdir(join(checkout, 'hidden'));
  await writeFile(join(checkout, 'hidden/.gitignore'), '*\n');
  await copied(async (copy) => {
    const folder = await copy.layOut(head);
    expect(await files(folder)).toEqual(['.gitignore', 'page', 'sub', 'sub/page']);
    expect(await read(folder, 'page')).toBe('one\n');
    expect((await stat(own)).mode & 0o777).toBe(0o700);
  });
  expect(existsSync(own)).toBe(false);
});

test('a copy of what somebody works on is what would be committed, and leaves history and checkout alone', async () => {
  await writeFile(join(checkout, 'page'), 'mine\n');
  await writeFile(join(checkout, 'new'), 'new\n');
  await writeFile(join(checkout, 'secret'), 'ignored\n');
  await rm(join(checkout, 'sub/page'));
  const before = [await inHistory('count-objects'), await readFile(join(history, 'index'))];
  await copied(async (copy) => {
    const tree = await copy.treeOfWork();
    // What comes later is not of it.
    await writeFile(join(checkout, 'page'), 'later\n');
    const folder = await copy.layOut(tree);
    expect(await files(folder)).toEqual(['.gitignore', 'new', 'page']);
    expect(await read(folder, 'page')).toBe('mine\n');
  });
  expect([await inHistory('count-objects'), await readFile(join(history, 'index'))]).toEqual(before);
  expect(await files(checkout)).toContain('secret');
});

test('a link to the host that took the place of a folder or a file stays a link, whatever lies behind it', async () => {
  const host = join(root, 'host');
  await mkdir(host);
  await writeFile(join(host, 'page'), 'of the host\n');
  await rm(join(checkout, 'sub'), { recursive: true });
  await symlink(host, join(checkout, 'sub'));
  await symlink(join(host, 'page'), join(checkout, 'new'));
  await copied(async (copy) => {
    const folder = await copy.layOut(await copy.treeOfWork());
    expect(await readlink(join(folder, 'sub'))).toBe(host);
    expect(await readlink(join(folder, 'new'))).toBe(join(host, 'page'));
  });
});

test('what an engine that died left is no part of the next copy, and nothing is left by one that fails', async () => {
  await mkdir(join(own, 'files'), { recursive: true });
  await writeFile(join(own, 'files/left'), '');
  await copied(async (copy) => {
    expect(await files(await copy.layOut('HEAD'))).not.toContain('left');
  });
  await expect(copied(async (copy) => void (await copy.layOut('nothing')))).rejects.toMatchObject({
    code: 'repository-failed',
  });
  expect(existsSync(own)).toBe(false);
});

test('a copy of a hostile commit runs nothing of it and writes nothing outside of itself', async () => {
  const trap = join(root, 'trapped');
  await symlink('/etc', join(repository, 'etc'));
  await symlink('..', join(repository, 'above'));
  await mkdir(join(repository, 'hooks'));
  await writeFile(join(repository, 'hooks/post-checkout'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
  await writeFile(join(repository, '.gitattributes'), '* filter=evil\n');
  await writeFile(join(repository, '.gitmodules'), `[submodule "s"]\npath = s\nurl = ext::touch ${trap}\n`);
  await inRepository('add', '--all');
  const head = await inRepository('rev-parse', 'HEAD');
  await inRepository('update-index', '--add', '--cacheinfo', `160000,${head},s`);
  await inRepository('commit', '--quiet', '--message', 'hostile');
  await rm(checkout, { recursive: true });
  await rm(history, { recursive: true });
  await cloned();
  // A repository that a container made of a folder, with settings of its own.
  await runOrFail(['git', ...author, 'init', '--quiet', join(checkout, 's')]);
  const inside = ['git', ...author, '-C', join(checkout, 's')];
  await runOrFail([...inside, 'commit', '--quiet', '--allow-empty', '--message', 'x']);
  await runOrFail([...inside, 'config', 'core.fsmonitor', `touch ${trap}`]);
  await runOrFail(['git', '--git-dir', history, 'config', 'filter.evil.smudge', `touch ${trap}; cat`]);
  await runOrFail(['git', '--git-dir', history, 'config', 'filter.evil.clean', `touch ${trap}; cat`]);
  await copied(async (copy) => {
    const folder = await copy.layOut(await copy.treeOfWork());
    expect(await readlink(join(folder, 'etc'))).toBe('/etc');
    expect(await readdir(join(folder, 's'))).toEqual([]);
  });
  expect(existsSync(trap)).toBe(false);
});

test('a file is read as the commit or the work has it, and links lead no further than that', async () => {
  await symlink('sub/page', join(checkout, 'link'));
  await symlink('/etc/hostname', join(checkout, 'away'));
  await writeFile(join(checkout, 'page'), 'mine\n');
  await copied(async (copy) => {
    const tree = await copy.treeOfWork();
    const paths = ['./page', 'sub/../link', 'away', 'sub', 'none', 'a\nb'];
    expect(await Promise.all(paths.map(async (path) => await copy.read(tree, path)))).toEqual([
      ...['mine\n', 'below\n', null, null, null, null],
    ]);
    expect(await copy.read('HEAD', 'page')).toBe('one\n');
  });
});
