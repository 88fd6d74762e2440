// What happens in one run, drawn by its seed alone: what is done, what goes wrong meanwhile, and when.
import { crashPointsOf } from '../../packages/engine/src/crash-points.ts';
import { seededRandom } from '../../packages/engine/src/vault/testing/faulty-driver.ts';

/** What is done, and about how long it takes when nothing goes wrong, in ms. */
const durations = {
  'go on': 2000,
  stop: 2500,
  suspend: 1500,
  snapshot: 800,
  fork: 2500,
  'fork of stopped': 5000,
  restart: 4500,
  resume: 1200,
  restore: 6000,
  rewind: 2500,
  flatten: 12_000,
} as const;

export type Action = keyof typeof durations;

/** Nothing is done to a playground that goes on: no operation has it pass a named place. */
const kinds: Readonly<Record<Action, string | null>> = {
  'go on': null,
  stop: 'playground.stop',
  suspend: 'playground.suspend',
  snapshot: 'playground.snapshot',
  fork: 'playground.snapshot',
  'fork of stopped': 'playground.start',
  restart: 'playground.restart',
  resume: 'playground.restart',
  restore: 'playground.restart',
  rewind: 'playground.rewind',
  flatten: 'merge',
};

const everywhere = ['none', 'engine', 'server', 'machine', 'full disk'] as const;
const vaultFaults = ['vault errors', 'vault stalls', 'vault truncates', 'vault flips'] as const;

/** `crash point`: the engine dies at a named place; `engine`, `server`, `machine`: it is killed at some moment. */
export type Fault = 'crash point' | (typeof everywhere)[number] | (typeof vaultFaults)[number];

export interface Run {
  readonly seed: number;
  readonly action: Action;
  readonly fault: Fault;
  /** Where the engine dies. */
  readonly point: string | null;
  /** When it goes wrong, in ms from the beginning. */
  readonly afterMs: number;
  /** KiB that a full disk still has. */
  readonly freeKiB: number;
}

/** The vault is written in the background of a stop, a suspension and a snapshot, and read by a restore. */
const withVault: ReadonlySet<Action> = new Set(['stop', 'suspend', 'snapshot', 'restore']);

/** Every action with every fault that it can meet; deaths of the engine at named places count threefold, there are so many. */
export const pairs: readonly (readonly [Action, Fault])[] = shuffled(
  (Object.keys(durations) as Action[]).flatMap((action) =>
    [
      ...(kinds[action] === null ? [] : (['crash point', 'crash point', 'crash point'] as const)),
      ...everywhere,
      ...(withVault.has(action) ? vaultFaults : []),
    ].map((fault) => [action, fault] as const),
  ),
);

/** The run of a seed, a natural number. As many seeds in a row as there are pairs meet each of them. */
export function drawRun(seed: number): Run {
  const pair = seed % pairs.length;
  const [action, fault] = pairs[pair] ?? ['stop', 'none'];
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1));
  return {
    ...{ seed, action, fault },
    point: fault === 'crash point' ? pointOf(action, seed, pair) : null,
    afterMs: Math.floor(random() * durations[action]),
    // Mostly little: what is written into drives that were just cut takes 64 KiB at a time.
    freeKiB: Math.floor(random() ** 2 * 256),
  };
}

/** Each time another of the places that an action passes, spread over all of them (by the golden section). */
function pointOf(action: Action, seed: number, pair: number): string | null {
  // The playground of these runs has no init tasks, and a fork makes no drives.
  const points = crashPointsOf(kinds[action] ?? '').filter((name) => !/Running init tasks|^drive/.test(name));
  const same = ([other, fault]: (typeof pairs)[number]) => other === action && fault === 'crash point';
  const times = Math.floor(seed / pairs.length) * pairs.filter(same).length;
  const turn = times + pairs.slice(0, pair).filter(same).length + action.length;
  return points[Math.floor(((turn * 0.618_034) % 1) * points.length)] ?? null;
}

/** Says a run in a few words. */
export function describeRun({ action, fault, point, afterMs }: Run): string {
  if (fault === 'none') return `${action}, nothing goes wrong`;
  return point === null ? `${action}, ${fault} after ${afterMs} ms` : `${action}, engine dies at ${point}`;
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  const random = seededRandom(1);
  const keyed = items.map((item) => [random(), item] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, item]) => item);
}
