import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import type { SnapshotMemory } from '../../snapshots/snapshot-record.ts';
import { isAlive } from '../../system/process-identity.ts';
import { consoleTail } from '../console-log.ts';
import { finishFinalCut } from '../cut/finish-final-cut.ts';
import { settleCut } from '../cut/settle-cut.ts';
import { agentPlace, machineFiles, machineSpecification } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import type { MachineRecord } from '../playground-record.ts';
import { renewOverlays } from './renew-overlays.ts';
import { renewCopy } from './renew-copy.ts';
import { machinesOf, planOf, recordOf, type StartContext } from './start-context.ts';
import { untilSshAnswers } from './until-ssh-answers.ts';

/** Bytes of host randomness that a machine’s kernel is given. */
const seedBytes = 64;
const bootAttempts = 5;
/** Within which the agent of a machine that stood still answers, if it ever does. */
const wakingMs = 20_000;
/** Part of the time that a boot may take after which one that has not answered is begun again. */
const firstPart = 1 / 3;
/** Within which the end of a machine’s process is noticed. */
const deathNoticeMs = 1000;
/** What the initramfs says before it restarts a machine without a timer. */
const restartsItself = /playhouse: restarting: /;

/** Boots each machine until its guest agent has confirmed clock and seed. Machines that already run are taken up. */
export const bootMachines: Step<StartContext> = {
  label: 'Booting machines',
  run: async (context, voice) => {
    let booted = 0;
    // A cut that could not be settled while a machine was mute: what lies on what must be known before it is booted.
    if (recordOf(context).cut !== null) {
      await settleCut(context);
      await finishFinalCut(context);
    }
    const machines = machinesOf(context);
    voice.progress({ done: 0, total: machines.length, unit: 'machines' });
    // One failed machine ends the step, and with it the others’ waits.
    const failed = new AbortController();
    const signal = AbortSignal.any([voice.signal, failed.signal]);
    const outcomes = await Promise.allSettled(
      machines.map(async ({ machine, record }) => {
        try {
          await boot(context, machine, record, { ...voice, signal });
          voice.progress({ done: ++booted, total: machines.length, unit: 'machines' });
        } catch (error) {
          failed.abort(error);
          throw error;
        }
      }),
    );
    if (outcomes.some(({ status }) => status === 'rejected')) throw failed.signal.reason;
  },
  undo: async (context) => {
    for (const { machine } of machinesOf(context)) {
      context.unwatch(machine.manifest.name);
      await context.tools.driver.kill(machineFiles(context.tools.paths, context.id, machine));
      await context.tools.records.saveMachine(context.id, machine.manifest.name, {
        process: null,
        state: 'failed',
      });
    }
    if (context.only === undefined) await context.tools.cgroups.remove(context.id);
  },
};

async function boot(
  context: StartContext,
  machine: PlannedMachine,
  record: MachineRecord,
  voice: StepVoice,
): Promise<void> {
  const { name } = machine.manifest;
  const release = await bootSlot(context, name, record, voice);
  try {
    voice.detail(name);
    const { boots, asItWas } = await bootToAgent(context, machine, record, voice);
    if (asItWas) {
      context.answering.set(name, Promise.resolve());
      return release();
    }
    const death = untilDead(context, machine, boots);
    const ended = new AbortController();
    death.catch((error: unknown) => ended.abort(error));
    // The slot is kept until sshd answers: until then the machine is busy booting.
    const answers = untilSshAnswers(context, machine, boots, AbortSignal.any([voice.signal, ended.signal]));
    const answering = Promise.race([answers, death]).finally(release);
    answering.catch(() => {});
    context.answering.set(name, answering);
  } catch (error) {
    release();
    throw error;
  }
}

/** Booting is all work; going on from memory is next to none, and waits for nobody. */
async function bootSlot(
  { tools: { bootSlots } }: StartContext,
  name: string,
  { resumes }: MachineRecord,
  { detail, signal }: StepVoice,
): Promise<() => void> {
  if (resumes) return () => {};
  if (bootSlots.waiting > 0) detail(`${name}: waiting for a boot slot`);
  return await bootSlots.take(signal);
}

/** A machine that is up. */
interface Boot {
  /** Its number. */
  readonly boots: number;
  /** It goes on from memory, and so does its SSH server, or whatever it had in its place: there is nothing to wait for. */
  readonly asItWas: boolean;
}

/**
 * Boots until the guest agent has confirmed. A kernel that found no timer says so and restarts: it is booted once more, as often as
 * it takes within reason. Of hundreds of boots of emulated machines one hangs without a word: it is begun again once.
 */
async function bootToAgent(
  context: StartContext,
  machine: PlannedMachine,
  record: MachineRecord,
  voice: StepVoice,
): Promise<Boot> {
  const { consoleLog } = machineFiles(context.tools.paths, context.id, machine);
  for (let current = record, attempt = 1; ; attempt += 1) {
    const { boots, resumed, isNew, wasSpare } = await powerOn(context, machine, current);
    const mayHang = attempt === 1 && (wasSpare || (isNew && !resumed));
    const wholeMs = context.tools.bootTimeoutMs();
    const timeoutMs = wasSpare ? Math.min(wakingMs, wholeMs) : wholeMs * (mayHang ? firstPart : 1);
    const given = new AbortController();
    const signal = AbortSignal.any([voice.signal, given.signal]);
    const confirmed = confirmIdentity(context, machine, timeoutMs, signal);
    confirmed.catch(() => {});
    const death = untilDead(context, machine, boots);
    death.catch(() => {});
    try {
      const { sshRestarts } = await Promise.race([confirmed, death]);
      return { boots, asItWas: resumed && !sshRestarts };
    } catch (thrown) {
      const error = await orDeath(thrown, death);
      given.abort(error);
      const hangs = mayHang && isSilent(error);
      const again = hangs || restartsItself.test(await consoleTail(consoleLog(boots)));
      if (!again || attempt === bootAttempts || voice.signal.aborted) throw error;
      const { name } = machine.manifest;
      voice.log(`${name}: ${hangs ? 'it does not answer' : 'its kernel found no timer'}; booting it again`);
      if (hangs) {
        context.unwatch(name);
        await context.tools.driver.kill(machineFiles(context.tools.paths, context.id, machine));
      }
    }
    current = { ...current, boots, process: null };
  }
}

/** A machine that dies takes its agent’s line along a moment before its end is known: then its end is what went wrong. */
async function orDeath(thrown: unknown, death: Promise<never>): Promise<unknown> {
  if (!isSilent(thrown)) return thrown;
  const ended = death.catch((reason: unknown) => reason);
  return await Promise.race([ended, setTimeout(deathNoticeMs, thrown)]);
}

function isSilent(error: unknown): boolean {
  return error instanceof PlayhouseError && error.code === 'guest-agent-silent';
}

/** Rejects with the reason once the machine has ended. */
async function untilDead(context: StartContext, machine: PlannedMachine, boots: number): Promise<never> {
  const { name } = machine.manifest;
  const { consoleLog } = machineFiles(context.tools.paths, context.id, machine);
  await context.ended(name);
  throw await diedOf(context.id, name, consoleLog(boots));
}

interface PoweredOn {
  /** The number of this boot. */
  readonly boots: number;
  /** It goes on where it was: from memory, or as one that was up already. */
  readonly resumed: boolean;
  /** Its process began now. */
  readonly isNew: boolean;
  /** It stood still for anybody, and nobody was in it yet. */
  readonly wasSpare: boolean;
}

/** Starts the machine’s process unless it lives; one that stands still goes on. */
async function powerOn(
  context: StartContext,
  machine: PlannedMachine,
  record: MachineRecord,
): Promise<PoweredOn> {
  const { tools, id } = context;
  const { name, kernel } = machine.manifest;
  if (record.process && isAlive(record.process)) {
    // One whose monitor is mute may stand still for good: its agent tells.
    await context
      .running(name)
      ?.settle()
      .catch(() => {});
    const resumed = record.state === 'running';
    const wasSpare =
      resumed && record.machineId !== null && record.identity === null && !recordOf(context).order.spare;
    return { boots: record.boots, resumed, isNew: false, wasSpare };
  }
  const boots = record.boots + 1;
  await tools.records.saveMachine(id, name, { boots, state: 'pending', process: null });
  const files = await tools.kernels.files(kernel.source);
  const drives = [...(await renewOverlays(context, machine, record))];
  const thisBoot = { ...record, boots, drives };
  const kept = record.resumes ? keptMemory(context, name) : null;
  const specification = machineSpecification(
    tools.paths,
    id,
    planOf(context),
    machine,
    thisBoot,
    files,
    tools.commandLine(),
    kept && { image: tools.layers.path(kept.layer, 'memory'), devices: Buffer.from(kept.devices, 'base64') },
  );
  // A line to the machine's former life may not have been found dead yet.
  tools.agents.hangUp(specification.agentSocket);
  const running = await tools.driver.start(specification);
  await tools.records.saveMachine(id, name, {
    process: running.handle.process,
    state: 'booting',
    memory: kept?.layer ?? null,
    resumes: false,
  });
  context.watch(name, running);
  context.changed();
  return { boots, resumed: kept !== null, isNew: true, wasSpare: false };
}

function keptMemory(context: StartContext, name: string): SnapshotMemory | null {
  const snapshot = context.tools.snapshots.get(recordOf(context).snapshotId ?? '');
  return snapshot.machines.find((machine) => machine.name === name)?.memory ?? null;
}

/**
 * Sets clock and random seed through the guest agent, and renews all else that tells a copy from its sibling; the machine does
 * not count as booted until it confirmed.
 */
async function confirmIdentity(
  context: StartContext,
  machine: PlannedMachine,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly sshRestarts: boolean }> {
  const { tools, id } = context;
  const place = agentPlace(tools.paths, id, machine);
  return await tools.agents
    .use(place, { timeoutMs, signal }, async (agent) => {
      // One after the other in the machine, without a pause between them.
      const [sshRestarts] = await Promise.all([
        // Whose a spare machine will be is not known yet.
        recordOf(context).order.spare === true ? false : renewCopy(context, machine, agent),
        agent.setTime(BigInt(Date.now()) * 1_000_000n),
        agent.reseed(randomBytes(seedBytes)),
      ]);
      return { sshRestarts };
    })
    .catch((error: unknown) => {
      // What aborted the wait says more than that it was aborted.
      signal.throwIfAborted();
      throw error;
    });
}

async function diedOf(playground: string, machine: string, consoleLog: string): Promise<PlayhouseError> {
  const tail = await consoleTail(consoleLog);
  // One line by which the initramfs says what in the configuration it could not do.
  const [, detail] = /playhouse: error: (.+)/.exec(tail) ?? [];
  return detail === undefined
    ? new PlayhouseError('machine-died', { machine, playground, tail })
    : new PlayhouseError('machine-configuration', { machine, detail: detail.trim() });
}
