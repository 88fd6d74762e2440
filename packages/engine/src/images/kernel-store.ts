// The kernels of a playroom: kernels/<name>/ with image, initramfs, modules drive and a description. A folder appears whole,
// by rename, or not at all.
import { mkdir, readdir, rename } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Kernel } from '@playhouse/contract/kernel';
import { z } from 'zod';
import { readJson, removeTree, syncDirectory, writeDurably } from '../system/durable-file.ts';

const installedKernelSchema = z.object({
  name: z.string(),
  /** `uname -r` in the guest. */
  release: z.string(),
  digest: z.string(),
  /** Digest of everything of ours that went into the initramfs; when it differs, the kernel is installed anew. */
  guestDigest: z.string(),
});

export type InstalledKernel = z.infer<typeof installedKernelSchema>;

export interface KernelFiles {
  readonly image: string;
  readonly initramfs: string;
  readonly modules: string;
  /** The guest agent as a program of the host. */
  readonly agent: string;
}

export class KernelStore {
  readonly #directory: string;
  readonly #names: readonly string[];
  readonly guestDigest: string;

  /** `names` are the kernels there are recipes for; `guestDigest` is that of the guest sources of this version. */
  constructor(directory: string, names: readonly string[], guestDigest: string) {
    this.#directory = directory;
    this.#names = names;
    this.guestDigest = guestDigest;
  }

  /**
   * The installed kernel of this name, or null. One that was installed by another version, with another guest agent in
   * its initramfs, counts as not installed.
   * @throws PlayhouseError kernel-unknown
   */
  async find(name: string): Promise<InstalledKernel | null> {
    if (!this.#names.includes(name)) {
      throw new PlayhouseError('kernel-unknown', { kernel: name, known: this.#names.join(', ') });
    }
    const description = await readJson(`${this.#directory}/${name}/kernel.json`);
    const kernel = description === null ? null : installedKernelSchema.parse(description);
    return kernel?.guestDigest === this.guestDigest ? kernel : null;
  }

  /** Where an installed kernel’s files are. @throws PlayhouseError kernel-unknown, kernel-not-ready */
  async files(name: string): Promise<KernelFiles> {
    if ((await this.find(name)) === null) throw new PlayhouseError('kernel-not-ready', { kernel: name });
    return kernelFiles(`${this.#directory}/${name}`);
  }

  async list(): Promise<readonly Kernel[]> {
    return await Promise.all(
      this.#names.map(async (name) => {
        const kernel = await this.find(name);
        const { release = null, digest = null } = kernel ?? {};
        return { name, installed: kernel !== null, release, digest };
      }),
    );
  }

  /** A folder to install into, empty. The last part of its name is not a kernel’s. */
  async stage(operationId: string): Promise<string> {
    const staging = `${this.#directory}/.${operationId}`;
    await removeTree(staging);
    await mkdir(staging, { recursive: true, mode: 0o755 });
    return staging;
  }

  /** Makes what was staged the kernel of this name. Machines that run keep the files they have open. */
  async publish(staging: string, kernel: InstalledKernel): Promise<void> {
    await writeDurably(`${staging}/kernel.json`, JSON.stringify(kernel), 0o644);
    await removeTree(`${this.#directory}/${kernel.name}`);
    await rename(staging, `${this.#directory}/${kernel.name}`);
    await syncDirectory(this.#directory);
  }

  /** Removes what interrupted installations left. */
  async removeStaging(except: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const stale = names.filter((name) => name.startsWith('.') && !except.has(name.slice(1)));
    for (const name of stale) await removeTree(`${this.#directory}/${name}`);
  }
}

export function kernelFiles(directory: string): KernelFiles {
  return {
    image: `${directory}/vmlinuz`,
    initramfs: `${directory}/initramfs`,
    modules: `${directory}/modules.img`,
    agent: `${directory}/agent`,
  };
}
