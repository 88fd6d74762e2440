// Brings machines down to what this server allows a playground. What a manifest asks for beyond that is not refused: each
// machine gets its share.
import type { Configuration } from '@playhouse/contract/configuration';

export interface Resources {
  readonly cpuCount: number;
  /** Bytes. */
  readonly ramSize: number;
}

export type ResourceLimits = Configuration['limits'];

/** Everybody gets what they ask for. */
export const noLimits: ResourceLimits = {
  machineCpus: 0,
  machineMemoryMiB: 0,
  playgroundCpus: 0,
  playgroundMemoryMiB: 0,
};

const mebibyte = 2 ** 20;
/** Less than this a machine cannot be given (contract/manifest/resources.ts). */
const smallestMebibytes = 64;

/**
 * The machines' resources within the limits, in their order: first each within those of a machine, then all together within
 * those of the playground, in proportion. A limit of 0 is none. Memory that is scaled is whole MiB. What is within the limits
 * already is left as it is.
 */
export function scaleResources(machines: readonly Resources[], limits: ResourceLimits): readonly Resources[] {
  const cpus = share(
    machines.map(({ cpuCount }) => cpuCount),
    { each: limits.machineCpus, all: limits.playgroundCpus, least: 1 },
  );
  // What needs no scaling keeps its odd bytes.
  const sizes = machines.map(({ ramSize }) => Math.ceil(ramSize / mebibyte));
  const memory = share(sizes, {
    each: limits.machineMemoryMiB,
    all: limits.playgroundMemoryMiB,
    least: smallestMebibytes,
  });
  return machines.map(({ cpuCount, ramSize }, index) => ({
    cpuCount: cpus[index] ?? cpuCount,
    ramSize: memory[index] === sizes[index] ? ramSize : (memory[index] ?? 0) * mebibyte,
  }));
}

interface Bounds {
  /** Most that one may have; 0 for no bound. */
  readonly each: number;
  /** Most that all may have together; 0 for no bound. */
  readonly all: number;
  /** Nobody gets less, unless they wanted less. */
  readonly least: number;
}

/** Whole numbers, each at most what was wanted, their sum within the bound. */
function share(wanted: readonly number[], { each, all, least }: Bounds): readonly number[] {
  const capped = wanted.map((want) => (each > 0 ? Math.min(want, Math.max(each, least)) : want));
  const total = sum(capped);
  if (all === 0 || total <= all) return capped;
  const exact = proportions(capped, all, least);
  const whole = exact.map(Math.floor);
  // Who lost most by rounding down gets what is left over; among equals the first.
  const byLoss = exact
    .map((value, index) => ({ index, loss: value - Math.floor(value) }))
    .toSorted((a, b) => b.loss - a.loss || a.index - b.index);
  for (const { index } of byLoss.slice(0, Math.max(0, all - sum(whole))))
    whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}

/** Shares in proportion to what is wanted; who would fall below the least has it, and the others share what remains. */
function proportions(wanted: readonly number[], all: number, least: number): readonly number[] {
  const fixed = new Map<number, number>();
  for (;;) {
    const left = all - sum([...fixed.values()]);
    const rest = sum(wanted.filter((_, index) => !fixed.has(index)));
    const shares = wanted.map((want, index) => fixed.get(index) ?? (want * left) / rest);
    const short = shares.findIndex(
      (value, index) => !fixed.has(index) && value < Math.min(least, wanted[index] ?? 0),
    );
    if (short < 0) return shares;
    fixed.set(short, Math.min(least, wanted[short] ?? 0));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
