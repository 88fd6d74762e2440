import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { Cgroups, limitFiles } from './cgroup.ts';

const limits = { cpuCount: 2, memoryBytes: 512 * 1024 ** 2, tasks: 512 };

/** A tree of control files as a kernel shows it. Folders made in it stay empty: only a kernel fills them. */
async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(`${root}/${path}`.replace(/\/[^/]+$/, ''), { recursive: true });
    await writeFile(`${root}/${path}`, content);
  }
  return root;
}

test('the limits in both versions', () => {
  expect(limitFiles('v2', limits)).toEqual([
    ['', 'cpu.max', '200000 100000'],
    ['', 'memory.max', '536870912'],
    ['', 'pids.max', '512'],
  ]);
  expect(limitFiles('v1', limits)).toEqual([
    ['cpu', 'cpu.cfs_period_us', '100000'],
    ['cpu', 'cpu.cfs_quota_us', '200000'],
    ['memory', 'memory.limit_in_bytes', '536870912'],
    ['pids', 'pids.max', '512'],
  ]);
});

test('version 2: hands controllers down where they are not, sets the limits, moves the process', async () => {
  const leaf = 'ph/pg/0';
  const root = await tree({
    'cgroup.controllers': 'cpuset cpu io memory pids\n',
    'cgroup.subtree_control': 'cpu memory pids\n',
    'ph/cgroup.subtree_control': 'memory\n',
    'ph/pg/cgroup.subtree_control': '',
    ...Object.fromEntries(
      ['cpu.max', 'memory.max', 'pids.max', 'cgroup.procs'].map((file) => [`${leaf}/${file}`, '']),
    ),
  });
  await new Cgroups('ph', root).place('pg/0', 4711, limits);
  const read = async (path: string) => await readFile(`${root}/${path}`, 'utf8');
  // What is handed down already is not written again: a container may not be allowed to.
  expect(await read('cgroup.subtree_control')).toBe('cpu memory pids\n');
  expect(await read('ph/cgroup.subtree_control')).toContain('+cpu +pids');
  expect(await read('ph/pg/cgroup.subtree_control')).toBe('+cpu +memory +pids');
  expect(await read(`${leaf}/cpu.max`)).toBe('200000 100000');
  expect(await read(`${leaf}/cgroup.procs`)).toBe('4711');
});

test('version 2: a controller that the kernel does not offer is named', async () => {
  const root = await tree({ 'cgroup.controllers': 'cpuset memory pids\n', 'cgroup.subtree_control': '' });
  await expect(new Cgroups('ph', root).place('pg/0', 1, limits)).rejects.toMatchObject({
    code: 'limits-unavailable',
    message: expect.stringContaining('(cgroup v2) does not offer cpu') as string,
  });
  expect(await readdir(root)).not.toContain('ph');
});

test('hybrid hosts: version 1 decides, and a controller that is not mounted there is named, not made up', async () => {
  const root = await tree({
    'unified/cgroup.controllers': '',
    'cpu/cgroup.procs': '',
    'pids/cgroup.procs': '',
  });
  await expect(new Cgroups('ph', root).place('pg/0', 1, limits)).rejects.toMatchObject({
    code: 'limits-unavailable',
    message: expect.stringContaining('(cgroup v1) does not offer memory') as string,
  });
  expect((await readdir(root)).toSorted()).toEqual(['cpu', 'pids', 'unified']);
});

test('a control file that is not there is an error, never created', async () => {
  const root = await tree({
    'cgroup.controllers': 'cpu memory pids',
    'cgroup.subtree_control': 'cpu memory pids',
  });
  await expect(new Cgroups('ph', root).place('0', 1, limits)).rejects.toMatchObject({
    code: 'limits-unavailable',
  });
  expect(await readdir(`${root}/ph/0`)).toEqual([]);
});

test('lists groups and the processes in and below them', async () => {
  const root = await tree({
    'cgroup.controllers': '',
    'ph/a/cgroup.procs': '',
    'ph/a/0/cgroup.procs': '12\n13\n',
    'ph/a/1/cgroup.procs': '14\n',
    'ph/b/cgroup.procs': '',
    'other/c/cgroup.procs': '1\n',
  });
  const cgroups = new Cgroups('ph', root);
  expect((await cgroups.list()).toSorted()).toEqual(['a', 'b']);
  expect((await cgroups.processes('a')).toSorted((one, other) => one - other)).toEqual([12, 13, 14]);
  expect(await cgroups.processes('none')).toEqual([]);
});

test('removes a group with everything below it, and is silent when there is none', async () => {
  const root = await tree({ 'cpu/cgroup.procs': '', 'cpu/other/x': '' });
  for (const controller of ['cpu', 'memory', 'pids'])
    await mkdir(`${root}/${controller}/ph/a/0`, { recursive: true });
  const cgroups = new Cgroups('ph', root);
  await cgroups.remove('a');
  await cgroups.remove('a');
  expect(await readdir(`${root}/memory/ph`)).toEqual([]);
  expect(await readdir(`${root}/cpu/other`)).toEqual(['x']);
});
