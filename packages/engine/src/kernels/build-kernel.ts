// Makes what machines boot with of a fetched kernel: image, modules drive, initramfs with the guest agent in it.
import { copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { buildInitramfs, copyEarlyModules } from '../guest/build-initramfs.ts';
import { makeExt4 } from '../images/image-file.ts';
import type { StepVoice } from '../operations/step.ts';
import { run, runOrFail } from '../system/run.ts';
import { decompressModules } from './decompress-modules.ts';
import { type KernelFiles, kernelFiles } from './kernel-store.ts';

const busybox = '/bin/busybox';

/**
 * Builds into `output`, made anew, from `drive`, the folder that fetchKernel() filled.
 * @throws PlayhouseError command-failed, disk-full, cancelled
 */
export async function buildKernel(
  release: string,
  { folder, drive, output }: { readonly folder: string; readonly drive: string; readonly output: string },
  guestDirectory: string,
  voice: StepVoice,
): Promise<KernelFiles> {
  const files = kernelFiles(output);
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { mode: 0o755 });
  voice.detail('making the modules drive');
  await decompressModules(`${drive}/modules`, voice.signal);
  await indexModules(release, folder, drive);
  await copyFile(`${drive}/boot/vmlinuz-${release}`, files.image);
  await makeExt4(drive, files.modules, { label: 'modules', slackBytes: 0, journal: false });
  await copyEarlyModules(`${drive}/modules`, files.earlyModules);
  voice.detail('building the guest agent and initramfs');
  await rebuildInitramfs(files, guestDirectory);
  return files;
}

/** Makes the part anew that our own code goes into. The files appear whole or not at all. */
export async function rebuildInitramfs(files: KernelFiles, guestDirectory: string): Promise<void> {
  const { earlyModules, initramfs, agent } = files;
  await buildInitramfs({ run, guestDirectory, busybox, earlyModules, output: initramfs, agent });
}

/** depmod wants the modules at the place where the guest will have them; Debian's releases differ in whether below /usr. */
async function indexModules(release: string, folder: string, drive: string): Promise<void> {
  const base = `${folder}/depmod`;
  await rm(base, { recursive: true, force: true });
  await mkdir(`${base}/lib/modules`, { recursive: true });
  await symlink('.', `${base}/usr`);
  await symlink(`${drive}/modules`, `${base}/lib/modules/${release}`);
  await runOrFail(['depmod', '--basedir', base, release]);
}
