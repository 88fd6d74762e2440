// Waits before a cut that many machines will go on from: one that still has work left over from its boot would hand it to each of them,
// which costs every start of theirs time, and memory that they could have shared.
import { setTimeout } from 'node:timers/promises';
import { readLoginFiles } from '../../guest/read-login-files.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { processorSeconds } from '../../system/processor-time.ts';
import { inEachGuest } from '../each-guest.ts';
import { recordOf, type StartContext } from '../start/start-context.ts';

export interface SettlingRhythm {
  readonly secondsOf: typeof processorSeconds;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly pauseMs: number;
  /** After this a machine that always has work is taken as it is. */
  readonly patienceMs: number;
}

const usual: SettlingRhythm = {
  secondsOf: processorSeconds,
  now: () => performance.now(),
  pauseMs: 1000,
  patienceMs: 60_000,
};
/** Part of a processor that a machine at rest stays below, its timers included. */
const restingShare = 0.12;
/** Looks in a row at which all must be at rest: a boot has pauses. */
const restingLooks = 10;

const readingMs = 20_000;

/** The first step of a cut for prewarming. */
export const letSettle: Step<StartContext> = {
  label: 'Letting machines settle',
  run: async (context, voice) => {
    // Each of them would otherwise fetch it from its drive at its first login.
    await inEachGuest(context, voice, {
      missing: 'made to read ahead',
      patienceMs: readingMs,
      work: async (agent, signal) => await readLoginFiles(agent, signal, readingMs),
    });
    const pids = recordOf(context).machines.flatMap(({ process }) => process?.pid ?? []);
    if (!(await untilSettled(pids, voice))) voice.detail('they have work all the time');
  },
};

/** True once all of the processes have next to nothing to do; false when that does not come. */
export async function untilSettled(
  pids: readonly number[],
  { signal }: Pick<StepVoice, 'signal'>,
  { secondsOf, now, pauseMs, patienceMs }: SettlingRhythm = usual,
): Promise<boolean> {
  if (pids.length === 0) return true;
  const look = async () => await Promise.all(pids.map(async (pid) => (await secondsOf(pid)) ?? 0));
  const began = now();
  let [before, at, inARow] = [await look(), began, 0];
  while (inARow < restingLooks) {
    if (now() - began > patienceMs) return false;
    await setTimeout(pauseMs, undefined, { signal });
    const [used, time] = [await look(), now()];
    const seconds = (time - at) / 1000;
    const resting = used.every((each, index) => each - (before[index] ?? 0) < restingShare * seconds);
    inARow = resting ? inARow + 1 : 0;
    [before, at] = [used, time];
  }
  return true;
}
