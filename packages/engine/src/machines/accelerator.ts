// The accelerator class that machines run with: configured, remembered, or found out by a probe once a kernel is there.
import type { Configuration } from '@playhouse/contract/configuration';
import type { Accelerator } from '@playhouse/contract/playroom';
import {
  cachedVerdict,
  measureTsc,
  probeAccelerator,
  type ProbeImages,
  verdictKey,
} from './accelerator-probe.ts';
import type { AcceleratorFacts } from './kernel-command-line.ts';

export class AcceleratorVerdict {
  readonly #configured: Configuration['engine']['accelerator'];
  readonly #cache: string;
  readonly #qemu: readonly [number, number];
  #verdict: Accelerator | null = null;
  #tscKhz: number | null = null;

  constructor(
    configured: Configuration['engine']['accelerator'],
    cache: string,
    qemu: readonly [number, number],
  ) {
    this.#configured = configured;
    this.#cache = cache;
    this.#qemu = qemu;
    if (configured !== 'auto') {
      this.#verdict = {
        class: configured,
        evidence: ['Set by `engine.accelerator` in the configuration; not probed.'],
      };
    }
  }

  /** The verdict, or null while there was none. */
  get current(): Accelerator | null {
    return this.#verdict;
  }

  /** How machines are run now: under TCG until something better is known. */
  get facts(): AcceleratorFacts {
    return { class: this.#verdict?.class ?? 'tcg', tscKhz: this.#tscKhz };
  }

  /** Makes sure there is a verdict for this kernel on this boot of the host; boots it unless one is remembered. */
  async ensure(images: ProbeImages, kernelDigest: string): Promise<Accelerator> {
    this.#tscKhz ??= await measureTsc(images);
    if (this.#configured !== 'auto' && this.#verdict) return this.#verdict;
    const key = verdictKey(kernelDigest, this.#qemu);
    const cache = { path: this.#cache, key };
    this.#verdict =
      (await cachedVerdict(this.#cache, key)) ?? (await probeAccelerator(images, this.#tscKhz, cache));
    return this.#verdict;
  }
}
