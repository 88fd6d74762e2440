import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { noteDockerFolders, releaseDockerFolders } from './docker-folders.ts';

const plugins = ['opt/containerd', 'opt/containerd/bin', 'opt/containerd/lib'];
const made = ['run/docker', 'run/containerd', 'etc/docker', ...plugins];

/** A host with those folders, on which our Docker Engine then makes all that every one makes. */
async function hostWith(before: readonly string[]) {
  const root = await temporaryDirectory();
  const note = `${root}/folders`;
  const make = async (folders: readonly string[]) => {
    for (const folder of folders) await mkdir(`${root}/${folder}`, { recursive: true });
  };
  await make(before);
  await noteDockerFolders(note, root);
  await make(made);
  await writeFile(`${root}/etc/docker/key.json`, '{}');
  await writeFile(`${root}/run/containerd/socket`, '');
  // A second start finds them there, and knows better.
  await noteDockerFolders(note, root);
  const left = () => [...made, 'etc/docker/key.json'].filter((path) => existsSync(`${root}/${path}`));
  return { root, note, left };
}

test('what our Docker Engine made is gone', async () => {
  const { root, note, left } = await hostWith([]);
  await releaseDockerFolders(note, root, () => false);
  expect(left()).toEqual([]);
  await releaseDockerFolders(note, root, () => false);
});

test('what was there before stays, as does what somebody wrote', async () => {
  const { root, note, left } = await hostWith(['run/containerd']);
  await writeFile(`${root}/etc/docker/daemon.json`, '{}');
  await writeFile(`${root}/opt/containerd/bin/plugin`, '');
  await releaseDockerFolders(note, root, () => false);
  expect(left()).toEqual(['run/containerd', 'etc/docker', 'opt/containerd', 'opt/containerd/bin']);
});

test('while another Docker Engine or containerd runs nothing is removed', async () => {
  const { root, note, left } = await hostWith([]);
  await releaseDockerFolders(note, root, () => true);
  expect(left()).toEqual([...made, 'etc/docker/key.json']);
});

test('where ours was never started nothing is removed', async () => {
  const { root, left } = await hostWith([]);
  await releaseDockerFolders(`${root}/nothing`, root, () => false);
  expect(left()).toEqual([...made, 'etc/docker/key.json']);
});
