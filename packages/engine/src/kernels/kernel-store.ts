// The kernels of a playroom: kernels/<name>/ with image, initramfs, modules drive and a description. A folder appears whole,
// by rename, or not at all.
import { mkdir, rename } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import {
  type Kernel,
  kernelNamePattern,
  type KernelOrigin,
  kernelOriginSchema,
} from '@playhouse/contract/kernel';
import { listNames } from '@playhouse/contract/manifest/closest';
import { z } from 'zod';
import type { KernelRecipe } from '../images/recipe.ts';
import { namesIn, readJson, removeTree, syncDirectory, writeDurably } from '../system/durable-file.ts';
import { Turns } from '../system/turns.ts';

/** Of the folder and of what is on the modules drive; a kernel of another form has to be installed again. */
const form = 2;

const installedKernelSchema = z.object({
  name: z.string(),
  /** `uname -r` in the guest. */
  release: z.string(),
  digest: z.string(),
  /** Digest of everything of ours that went into the initramfs; when it differs, the initramfs is built anew. */
  guestDigest: z.string(),
  form: z.literal(form),
  origin: kernelOriginSchema,
  sizeBytes: z.int(),
});

export type InstalledKernel = Omit<z.infer<typeof installedKernelSchema>, 'form'>;

export interface KernelFiles {
  readonly image: string;
  readonly initramfs: string;
  readonly modules: string;
  /** The guest agent as a program of the host. */
  readonly agent: string;
  /** Folder of the modules that the initramfs holds. */
  readonly earlyModules: string;
}

export class KernelStore {
  readonly directory: string;
  readonly #recipes: readonly KernelRecipe[];
  readonly #turns = new Turns();
  readonly guestDigest: string;

  /** `recipes` are those of the official kernels; `guestDigest` is that of the guest sources of this version. */
  constructor(directory: string, recipes: readonly KernelRecipe[], guestDigest: string) {
    this.directory = directory;
    this.#recipes = recipes;
    this.guestDigest = guestDigest;
  }

  /** Where the official kernel of this name comes from; null when it is none. */
  officialOrigin(name: string): KernelOrigin | null {
    const recipe = this.#recipes.find((each) => each.name === name);
    return recipe ? { kind: 'package', package: recipe.package, suite: recipe.suite } : null;
  }

  /** Names of all kernels that machines may name, official ones first. */
  async names(): Promise<readonly string[]> {
    const folders = (await namesIn(this.directory)).filter((name) => kernelNamePattern.test(name));
    return [...new Set([...this.#recipes.map(({ name }) => name), ...folders.toSorted()])];
  }

  /**
   * The installed kernel of this name, or null. One whose initramfs holds the guest agent of another version counts as not
   * installed.
   * @throws PlayhouseError kernel-unknown
   */
  async find(name: string): Promise<InstalledKernel | null> {
    const kernel = await this.#read(name);
    if (kernel !== null) return kernel.guestDigest === this.guestDigest ? kernel : null;
    const known = await this.names();
    if (known.includes(name)) return null;
    throw new PlayhouseError('kernel-unknown', { kernel: name, known: listNames(name, known) });
  }

  /** Where an installed kernel’s files are. @throws PlayhouseError kernel-unknown, kernel-not-ready */
  async files(name: string): Promise<KernelFiles> {
    if ((await this.find(name)) === null) throw new PlayhouseError('kernel-not-ready', { kernel: name });
    return kernelFiles(`${this.directory}/${name}`);
  }

  async list(): Promise<readonly Kernel[]> {
    return await Promise.all(
      (await this.names()).map(async (name) => {
        const kernel = await this.find(name).catch(() => null);
        const official = this.officialOrigin(name);
        const { release = null, digest = null, sizeBytes = null } = kernel ?? {};
        const origin = kernel?.origin ?? official;
        return {
          name,
          installed: kernel !== null,
          release,
          digest,
          official: official !== null,
          origin,
          sizeBytes,
        };
      }),
    );
  }

  /** Kernels whose initramfs is that of another version of Playhouse. */
  async outdated(): Promise<readonly InstalledKernel[]> {
    const kernels = await Promise.all((await this.names()).map(async (name) => await this.#read(name)));
    return kernels.filter(
      (kernel) => kernel !== null && kernel.guestDigest !== this.guestDigest,
    ) as InstalledKernel[];
  }

  /** A folder to work in. The last part of its name is not a kernel’s. */
  async stage(id: string): Promise<string> {
    const staging = `${this.directory}/.${id}`;
    await mkdir(staging, { recursive: true, mode: 0o755 });
    return staging;
  }

  async unstage(id: string): Promise<void> {
    await removeTree(`${this.directory}/.${id}`);
  }

  /** Makes a folder of files the kernel of this name. Machines that run keep the files they have open. */
  async publish(folder: string, kernel: InstalledKernel): Promise<void> {
    await this.#turns.take(kernel.name, async () => {
      await this.describe(folder, kernel);
      await removeTree(`${this.directory}/${kernel.name}`);
      await rename(folder, `${this.directory}/${kernel.name}`);
      await syncDirectory(this.directory);
    });
  }

  /** Writes what a kernel’s folder says of it. */
  async describe(folder: string, kernel: InstalledKernel): Promise<void> {
    await writeDurably(`${folder}/kernel.json`, JSON.stringify({ ...kernel, form }), 0o644);
  }

  /** Removes a kernel; silent when it is not there. */
  async remove(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      // Out of sight at once, whatever becomes of the rest.
      const gone = await this.stage(`removed-${name}`);
      await rename(`${this.directory}/${name}`, `${gone}/kernel`).catch(() => {});
      await syncDirectory(this.directory);
      await removeTree(gone);
    });
  }

  /** Removes what interrupted installations left, but not the work of the operations in `except`. */
  async removeStaging(except: ReadonlySet<string>): Promise<void> {
    const names = await namesIn(this.directory);
    const stale = names.filter((name) => name.startsWith('.') && !except.has(name.slice(1)));
    for (const name of stale) await removeTree(`${this.directory}/${name}`);
  }

  /** The description, when there is one of the present form. */
  async #read(name: string): Promise<InstalledKernel | null> {
    if (!kernelNamePattern.test(name)) return null;
    const parsed = installedKernelSchema.safeParse(await readJson(`${this.directory}/${name}/kernel.json`));
    return parsed.success ? parsed.data : null;
  }
}

export function kernelFiles(directory: string): KernelFiles {
  return {
    image: `${directory}/vmlinuz`,
    initramfs: `${directory}/initramfs`,
    modules: `${directory}/modules.img`,
    agent: `${directory}/agent`,
    earlyModules: `${directory}/early-modules`,
  };
}
