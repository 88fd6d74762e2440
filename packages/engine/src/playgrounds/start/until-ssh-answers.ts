import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { consoleTail } from '../console-log.ts';
import { machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import { type Answer, knock } from './knock.ts';
import type { StartContext } from './start-context.ts';

/** How knocks are made and timed; tests have their own. */
export interface KnockRhythm {
  readonly knock: typeof knock;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly pauseMs: number;
  /** How long port 22 must be refused without a break until an image that was seen to have no sshd is believed. */
  readonly refusedMs: number;
}

const usual: KnockRhythm = { knock, now: () => performance.now(), pauseMs: 50, refusedMs: 10_000 };

/**
 * Waits until the machine’s sshd greets on its host-side address. Begins when the guest agent has confirmed: a machine that
 * is up and refuses has no sshd yet. Where its image has one that is only a matter of time; where it has none nobody
 * waits for the boot time-out.
 * @throws PlayhouseError machine-boot-timeout, or machine-without-sshd where nothing listens; with the end of the console
 */
export async function untilSshAnswers(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  boot: number,
  signal: AbortSignal,
  rhythm: KnockRhythm = usual,
): Promise<void> {
  if (machine.manifest.noSSH) return;
  const begun = rhythm.now();
  const missing = await hasNoSshServer({ tools, id }, machine);
  let refusedSince: number | null = null;
  for (;;) {
    const answer = await rhythm.knock(machine.edgeAddress, 22, signal);
    if (answer === 'greeting') return;
    signal.throwIfAborted();
    const now = rhythm.now();
    refusedSince = answer === 'refusal' ? (refusedSince ?? now) : null;
    const hopeless = missing && refusedSince !== null && now - refusedSince >= rhythm.refusedMs;
    if (hopeless || now - begun > tools.bootTimeoutMs()) {
      const seconds = Math.round((now - begun) / 1000);
      throw await silenceOf({ tools, id }, machine, { boot, answer, missing, seconds });
    }
    await setTimeout(rhythm.pauseMs);
  }
}

/** Why nobody can log in: what the last knock says, and what the image was seen to have. */
async function silenceOf(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  seen: {
    readonly boot: number;
    readonly answer: Answer;
    readonly missing: boolean;
    readonly seconds: number;
  },
): Promise<PlayhouseError> {
  const { name } = machine.manifest;
  const { consoleLog } = machineFiles(tools.paths, id, machine);
  const tail = await consoleTail(consoleLog(seen.boot));
  const facts = { machine: name, playground: id, seconds: seen.seconds, tail };
  if (seen.missing) {
    const detail = `Its image ${machine.source} has none: there is no /usr/sbin/sshd.`;
    return new PlayhouseError('machine-without-sshd', { ...facts, detail });
  }
  if (seen.answer !== 'refusal') {
    const detail =
      seen.answer === 'mute'
        ? 'It takes connections to port 22, but no SSH server greets there'
        : 'Nothing comes back from its port 22';
    return new PlayhouseError('machine-boot-timeout', { ...facts, detail });
  }
  return new PlayhouseError('machine-without-sshd', {
    ...facts,
    detail: 'The machine refuses connections there.',
  });
}

/** Whether the machine’s root came from an image in which no SSH server was found when it was pulled. */
async function hasNoSshServer(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
): Promise<boolean> {
  const root = machine.drives.findIndex(({ mount }) => mount === '/');
  const record = tools.records.get(id)?.machines.find(({ name }) => name === machine.manifest.name);
  const layer = record?.drives[root]?.layer ?? null;
  const image = layer === null ? null : ((await tools.sources.describe(layer))?.image ?? null);
  return image !== null && image.sshServer === null;
}
