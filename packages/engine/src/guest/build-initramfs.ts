import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { buildAgent, type RunProgram } from './build-agent.ts';
import { cpioNewc } from './cpio-newc.ts';
import { INITRAMFS_MODULES, initramfsEntries } from './initramfs.ts';
import { loadOrder, moduleName, parseModulesDep } from './modules.ts';

export interface BuildInitramfsOptions {
  readonly run: RunProgram;
  /** The repository's guest/ folder. */
  readonly guestDirectory: string;
  /** A statically linked busybox of the host (Debian's busybox-static: /bin/busybox). */
  readonly busybox: string;
  /** lib/modules/<version> of the unpacked kernel package, after depmod. */
  readonly modulesDirectory: string;
  /** Where the archive goes; it appears whole or not at all. */
  readonly output: string;
  /** Where the agent itself goes: the host runs it too, to measure what a guest cannot. */
  readonly agent: string;
}

/**
 * Builds the initramfs of a kernel. Uncompressed: unpacking costs a slow guest more than reading 4 MB costs the host.
 * @returns the names of the modules in it, in load order.
 * @throws PlayhouseError command-failed (gcc), file-unreadable (kernel package or busybox).
 */
export async function buildInitramfs(options: BuildInitramfsOptions): Promise<readonly string[]> {
  const work = await mkdtemp(join(dirname(options.output), '.initramfs-'));
  try {
    await buildAgent(options.run, options.guestDirectory, join(work, 'agent'));
    const index = parseModulesDep(String(await read(join(options.modulesDirectory, 'modules.dep'))));
    const paths = loadOrder(index, INITRAMFS_MODULES);
    const modules = await Promise.all(
      paths.map(async (path) => ({
        name: moduleName(path),
        bytes: await decompress(options.run, join(options.modulesDirectory, path)),
      })),
    );
    const [init, busybox, agent] = await Promise.all([
      read(join(options.guestDirectory, 'init')),
      read(options.busybox),
      read(join(work, 'agent')),
    ]);
    await writeFile(join(work, 'initramfs'), cpioNewc(initramfsEntries({ init, busybox, agent, modules })));
    await rename(join(work, 'agent'), options.agent);
    await rename(join(work, 'initramfs'), options.output);
    return modules.map(({ name }) => name);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A module's bytes, whatever its file is compressed with: our init loads plain ones only. */
async function decompress(run: RunProgram, path: string): Promise<Uint8Array> {
  if (path.endsWith('.gz')) return gunzipSync(await read(path));
  if (path.endsWith('.zst')) return zstdDecompressSync(await read(path));
  if (!path.endsWith('.xz')) return read(path);
  // Node has no xz: unpack beside a copy of the name, then read it.
  const result = await run(['xz', '--decompress', '--keep', '--force', path]);
  if (result.exitCode === 0) return read(path.slice(0, -3));
  throw new PlayhouseError('command-failed', {
    command: 'xz',
    exitCode: result.exitCode,
    detail: result.stderr,
  });
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new PlayhouseError('file-unreadable', { file: path, detail: String(error) }, { cause: error });
  }
}
