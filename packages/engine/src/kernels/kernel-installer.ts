// Has kernels there when machines need them: official ones are installed by the first start that names them, and all of them
// follow the guest agent of a new version without their packages.
import { randomBytes } from 'node:crypto';
import type { Progress } from '@playhouse/contract/operation';
import type { StepVoice } from '../operations/step.ts';
import { Turns } from '../system/turns.ts';
import { rebuildInitramfs } from './build-kernel.ts';
import { kernelFiles, type KernelStore } from './kernel-store.ts';
import { buildInto, fetchInto, publishFrom, type Workshop } from './stage-kernel.ts';

/** Part of the time that it takes to fetch a kernel; the rest goes into building. */
const fetchingShare = 0.6;

export class KernelInstaller {
  readonly workshop: Workshop;
  #installed: () => void = () => {};
  /** Starts that lack the same kernel at the same time share one installation. */
  readonly #turns = new Turns();
  readonly #working = new Set<string>();

  constructor(workshop: Workshop) {
    this.workshop = workshop;
  }

  /** Calls `listener` whenever a kernel was installed outside an operation of its own. */
  onInstalled(listener: () => void): void {
    this.#installed = listener;
  }

  get store(): KernelStore {
    return this.workshop.store;
  }

  /** Staging folders in which work goes on. */
  get working(): ReadonlySet<string> {
    return this.#working;
  }

  /**
   * Installs an official kernel unless it is there.
   * @throws PlayhouseError kernel-unknown, kernel-not-ready for one that is not official, command-failed, disk-full, cancelled
   */
  async ensure(name: string, voice: StepVoice): Promise<void> {
    if ((await this.store.find(name)) !== null) return;
    const installed = this.#turns.take(name, async () => await this.#install(name, voice));
    await Promise.race([installed, whenAborted(voice.signal)]);
  }

  async #install(name: string, voice: StepVoice): Promise<void> {
    voice.signal.throwIfAborted();
    if ((await this.store.find(name)) !== null) return;
    const origin = this.store.officialOrigin(name);
    if (origin === null) return void (await this.store.files(name));
    const id = `on-demand-${randomBytes(6).toString('hex')}`;
    this.#working.add(id);
    const named = {
      ...voice,
      detail: (text: string) => voice.detail(`kernel ${name}: ${text}`),
      progress: (progress: Progress) =>
        voice.progress({ ...progress, done: Math.floor(progress.done * fetchingShare) }),
    };
    try {
      await fetchInto(id, origin, this.workshop, named);
      await buildInto(id, this.workshop, named);
      await publishFrom(id, name, origin, this.workshop);
      voice.progress({ done: 100, total: 100, unit: 'percent' });
    } finally {
      await this.store.unstage(id);
      this.#working.delete(id);
    }
    this.#installed();
  }

  /** Builds the initramfs anew of kernels that another version installed. One that cannot be is left as not installed. */
  async refresh(log: (line: string) => void): Promise<void> {
    const { store, guestDirectory } = this.workshop;
    for (const kernel of await store.outdated()) {
      const folder = `${store.directory}/${kernel.name}`;
      try {
        await rebuildInitramfs(kernelFiles(folder), guestDirectory);
        await store.describe(folder, { ...kernel, guestDigest: store.guestDigest });
        log(`kernel ${kernel.name}: initramfs of this version built`);
      } catch (error) {
        log(`kernel ${kernel.name}: the initramfs could not be built: ${String(error)}`);
      }
    }
  }
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
