import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { buildProgram, type RunProgram } from '../system/build-program.ts';
import { cpioNewc } from './cpio-newc.ts';
import { INITRAMFS_MODULES, initramfsEntries } from './initramfs.ts';
import { loadOrder, moduleName, parseModulesDep } from './modules.ts';

export interface BuildInitramfsOptions {
  readonly run: RunProgram;
  /** The repository's guest/ folder. */
  readonly guestDirectory: string;
  /** A statically linked busybox of the host (Debian's busybox-static: /bin/busybox). */
  readonly busybox: string;
  /** Folder that copyEarlyModules() filled. */
  readonly earlyModules: string;
  /** Where the archive goes; it appears whole or not at all. */
  readonly output: string;
  /** Where the agent itself goes: the host runs it too, to measure what a guest cannot. */
  readonly agent: string;
}

/**
 * Puts the modules that init itself needs into a folder of their own, numbered in load order: with them the initramfs can be
 * built anew without the kernel's package.
 * @param modules lib/modules/<release> after depmod, uncompressed.
 */
export async function copyEarlyModules(modules: string, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const index = parseModulesDep(String(await read(join(modules, 'modules.dep'))));
  for (const [number, path] of loadOrder(index, INITRAMFS_MODULES).entries()) {
    const name = `${String(number).padStart(2, '0')}-${moduleName(path)}.ko`;
    await copyFile(join(modules, path), join(folder, name));
  }
}

/**
 * Builds the initramfs of a kernel. Uncompressed: unpacking costs a slow guest more than reading 4 MB costs the host.
 * @throws PlayhouseError command-failed (gcc), file-unreadable (modules or busybox).
 */
export async function buildInitramfs(options: BuildInitramfsOptions): Promise<void> {
  const work = await mkdtemp(join(dirname(options.output), '.initramfs-'));
  try {
    await buildProgram(options.run, 'guest agent', options.guestDirectory, join(work, 'agent'));
    const names = (await readdir(options.earlyModules)).toSorted();
    const modules = await Promise.all(
      names.map(async (name) => ({ name, bytes: await read(join(options.earlyModules, name)) })),
    );
    const [init, busybox, agent] = await Promise.all([
      read(join(options.guestDirectory, 'init')),
      read(options.busybox),
      read(join(work, 'agent')),
    ]);
    await writeFile(join(work, 'initramfs'), cpioNewc(initramfsEntries({ init, busybox, agent, modules })));
    await rename(join(work, 'agent'), options.agent);
    await rename(join(work, 'initramfs'), options.output);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new PlayhouseError('file-unreadable', { file: path, detail: String(error) }, { cause: error });
  }
}
