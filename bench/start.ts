// Starts through the platform against the same machines booted by plain QEMU with the same arguments, in pairs: from the
// command to the first answered SSH command.
import { availableParallelism } from 'node:os';
import { Installation } from '../tests/end-to-end/support/installation.ts';
import { repository } from '../tests/end-to-end/support/locations.ts';
import { median } from './measure.ts';
import { PlainQemu } from './plain-qemu.ts';
import { Platform } from './platform.ts';
import type { Row } from './row.ts';

interface Contest {
  readonly name: string;
  readonly pairs: number;
  readonly bar: number;
  /** What follows `playground start`. */
  readonly words: readonly string[];
  readonly machines: readonly string[];
}

/** One pair, in seconds, and the platform’s steps in milliseconds. */
interface Sample {
  readonly plain: number;
  readonly platform: number;
  readonly steps: Readonly<Record<string, number>>;
}

/** One machine, cold. */
export async function benchStart(): Promise<readonly Row[]> {
  const machines = ['debian'];
  return [await hold({ name: 'cold start ÷ plain QEMU', pairs: 5, bar: 1.15, words: ['debian'], machines })];
}

/** Five machines on three networks with init tasks, cold; plain QEMU boots them at the same parallelism, and runs no tasks. */
export async function benchFiveMachines(): Promise<readonly Row[]> {
  const machines = ['router', 'web', 'app', 'database', 'monitor'];
  const words = ['flexbox', '-f', `${repository}/examples/five-machines.yaml`];
  return [
    await hold({ name: 'five machines, three networks ÷ plain QEMU', pairs: 3, bar: 1.3, words, machines }),
  ];
}

async function hold({ name, pairs, bar, words, machines }: Contest): Promise<Row> {
  await using installation = await Installation.running({ hostNetwork: true });
  const platform = new Platform(installation, words, machines);
  const model = await platform.begin();
  const plain = await PlainQemu.like(installation, model, availableParallelism());
  const samples: Sample[] = [];
  for (let index = 0; index < pairs; index++) {
    // Each is first in every other pair, so that a drift of the machine’s speed favours neither.
    const order = index % 2 === 0 ? [plain, platform] : [platform, plain];
    const seconds = { plain: 0, platform: 0 };
    for (const side of order) seconds[side.name] = await side.start();
    samples.push({ ...seconds, steps: platform.steps });
    process.stdout.write(`  pair ${index + 1}: ${JSON.stringify(samples.at(-1))}\n`);
  }
  await installation.destroy(model);
  return {
    name,
    figure: median(samples.map((pair) => pair.platform / pair.plain)),
    unit: '×',
    bar,
    samples,
    notes: notesOf(samples),
  };
}

function notesOf(samples: readonly Sample[]): readonly string[] {
  const middle = (name: 'platform' | 'plain') => median(samples.map((sample) => sample[name])).toFixed(2);
  const labels = Object.keys(samples[0]?.steps ?? {});
  return [
    `platform ${middle('platform')} s, plain QEMU ${middle('plain')} s (medians of ${samples.length})`,
    ...labels.map(
      (label) => `${label}: ${median(samples.map(({ steps }) => steps[label] ?? 0)).toFixed(0)} ms`,
    ),
  ];
}
