import type { AcceleratorClass } from '@playhouse/contract/playroom';

/** How machines run on this host: what the kernel has to be told, and QEMU. */
export interface AcceleratorFacts {
  readonly class: AcceleratorClass;
  /** Frequency of the host’s time stamp counter; needed without KVM. */
  readonly tscKhz: number | null;
}

const always = [
  'console=ttyS0',
  'quiet',
  'loglevel=4',
  'net.ifnames=0',
  'random.trust_cpu=on',
  'cryptomgr.notests',
  'panic=-1',
  'reboot=t',
];

/**
 * An emulated processor speculates about nothing. What it runs is translated, and looked up by its address: where programs lie
 * elsewhere each time that they start, a start takes twice as long.
 */
const emulated = ['mitigations=off', 'norandmaps', 'tsc=reliable', 'no_timer_check'];

/**
 * What a machine’s kernel is told. Without KVM it would measure the time stamp counter against the PIT, which fails on a
 * busy host, and then wait for ever for a timer that microvm does not deliver: so it is told the frequency instead.
 */
export function kernelCommandLine({ class: accelerator, tscKhz }: AcceleratorFacts): string {
  if (accelerator !== 'tcg') return always.join(' ');
  if (tscKhz === null) throw new Error('the time stamp counter was not measured');
  return [...always, ...emulated, `tsc_early_khz=${tscKhz}`].join(' ');
}
