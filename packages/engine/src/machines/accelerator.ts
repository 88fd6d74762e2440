// The accelerator class that machines run with: configured, remembered, or found out by a probe once a kernel is there.
import type { Configuration } from '@playhouse/contract/configuration';
import type { Accelerator } from '@playhouse/contract/playroom';
import type { ProbeImages } from './accelerator-probe.ts';
import { cachedVerdict, probeAccelerator, verdictKey } from './accelerator-probe.ts';

export class AcceleratorVerdict {
  readonly #configured: Configuration['engine']['accelerator'];
  readonly #cache: string;
  readonly #qemu: readonly [number, number];
  #verdict: Accelerator | null = null;

  constructor(configured: Configuration['engine']['accelerator'], cache: string, qemu: readonly [number, number]) {
    this.#configured = configured;
    this.#cache = cache;
    this.#qemu = qemu;
    if (configured !== 'auto') {
      this.#verdict = { class: configured, evidence: ['Set by `engine.accelerator` in the configuration; not probed.'] };
    }
  }

  /** The verdict, or null while there was none. */
  get current(): Accelerator | null {
    return this.#verdict;
  }

  /** Makes sure there is a verdict for this kernel on this boot of the host; boots it unless one is remembered. */
  async ensure(images: ProbeImages, kernelDigest: string): Promise<Accelerator> {
    if (this.#configured !== 'auto' && this.#verdict) return this.#verdict;
    const key = verdictKey(kernelDigest, this.#qemu);
    this.#verdict = (await cachedVerdict(this.#cache, key)) ?? (await probeAccelerator(images, { path: this.#cache, key }));
    return this.#verdict;
  }
}
