// A memory image is good only for a machine of the same build. What it was cut under goes with it, so that a misfit is told and
// never tried.
import { z } from 'zod';

export const memoryFitSchema = z.object({
  /** As `7.2`. */
  qemu: z.string(),
  /** How the machine’s processor was run: `tcg`, or `kvm` and the model of the host’s. */
  processor: z.string(),
  /** Digest of the guest kernel’s package or image. */
  kernel: z.string(),
  /** Digest of the machine line: devices and their order, memory, processors. */
  shape: z.string(),
});

export type MemoryFit = z.infer<typeof memoryFitSchema>;

const names = {
  qemu: 'QEMU',
  processor: 'the processor',
  kernel: 'the kernel',
  shape: 'the machine’s devices',
} as const satisfies Record<keyof MemoryFit, string>;

/** In words why memory that was cut under `then` is of no use under `now`; null when it is. */
export function misfit(then: MemoryFit, now: MemoryFit): string | null {
  const parts = (Object.keys(names) as (keyof MemoryFit)[]).filter((part) => then[part] !== now[part]);
  if (parts.length === 0) return null;
  return `${parts.map((part) => `${names[part]} was ${short(then[part])} and is ${short(now[part])}`).join('; ')}.`;
}

/** Digests are told apart by their first digits. */
function short(value: string): string {
  return value
    .replace(/^sha256:/, '')
    .slice(0, 40)
    .replace(/^([0-9a-f]{12})[0-9a-f]{28}$/, '$1');
}
