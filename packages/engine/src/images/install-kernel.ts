// Turns Debian’s kernel package into kernels/<name>/: image, modules drive, initramfs with the guest agent in it.
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { buildInitramfs } from '../guest/build-initramfs.ts';
import type { StepVoice } from '../operations/step.ts';
import { removeTree } from '../system/durable-file.ts';
import { run, runOrFail } from '../system/run.ts';
import { bootstrap } from './bootstrap.ts';
import { digestFile, makeExt4 } from './image-file.ts';
import { kernelFiles, type KernelStore } from './kernel-store.ts';
import { findMirror } from './mirror.ts';
import type { KernelRecipe } from './recipe.ts';

const busybox = '/bin/busybox';

/**
 * Installs a kernel unless it is there already, made of the same guest program. Repeatable after a crash anywhere.
 * @throws PlayhouseError command-failed, disk-full
 */
export async function installKernel(
  recipe: KernelRecipe,
  store: KernelStore,
  options: { readonly guestDirectory: string; readonly operationId: string },
  voice: StepVoice,
): Promise<void> {
  if (await store.find(recipe.name)) return voice.detail('already installed');
  const staging = await store.stage(options.operationId);
  const tree = `${staging}/package`;
  const { suite } = recipe;
  voice.detail(`fetching ${recipe.package}`);
  await bootstrap(
    { suite, variant: 'extract', packages: [recipe.package], customize: null, target: tree },
    await findMirror(suite),
    { signal: voice.signal, onLine: (line) => voice.log(line) },
  );
  const release = await soleEntry(`${tree}/lib/modules`);
  const modulesDirectory = `${tree}/lib/modules/${release}`;
  await runOrFail(['depmod', '--basedir', tree, release]);
  const files = kernelFiles(staging);
  await copyFile(`${tree}/boot/vmlinuz-${release}`, files.image);
  voice.detail('making the modules drive');
  await makeExt4(modulesDirectory, files.modules, { label: 'modules', slackBytes: 0, journal: false });
  voice.detail('building the guest agent and initramfs');
  const { guestDirectory } = options;
  const { initramfs, agent } = files;
  await buildInitramfs({ run, guestDirectory, busybox, modulesDirectory, output: initramfs, agent });
  await removeTree(tree);
  const digest = await digestFile(files.image);
  await store.publish(staging, { name: recipe.name, release, digest, guestDigest: store.guestDigest });
}

/** Digest of everything of ours that ends up in the initramfs. */
export async function digestGuest(directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(directory)).toSorted()) {
    hash.update(name).update(await readFile(`${directory}/${name}`));
  }
  return `sha256:${hash.digest('hex')}`;
}

async function soleEntry(directory: string): Promise<string> {
  const [entry, ...others] = await readdir(directory).catch(() => []);
  if (entry !== undefined && others.length === 0) return entry;
  throw new PlayhouseError('command-failed', {
    command: 'mmdebstrap',
    exitCode: 0,
    detail: `the kernel package holds ${others.length + (entry ? 1 : 0)} sets of modules instead of one`,
  });
}
