import { setTimeout } from 'node:timers/promises';
import { PlayhouseError, toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import type { StepVoice } from '../../operations/step.ts';
import { isAlive, type ProcessIdentity } from '../../system/process-identity.ts';
import { agentPlace, machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import type { MachineRecord } from '../playground-record.ts';
import type { StartContext } from '../start/start-context.ts';

/** How a machine is brought to its end. Whatever the guest does, it has ended when its time is over. */
export interface Manner {
  /** Have the guest write what it holds in memory to its drives. */
  readonly sync: boolean;
  /** Program that the guest is told to run; null cuts the power. */
  readonly command: 'poweroff' | 'reboot' | null;
}

export const manners = {
  /** As its owner would do it. */
  orderly: { sync: true, command: 'poweroff' },
  /** The guest restarts itself: that ends its process, too. */
  reboot: { sync: true, command: 'reboot' },
  /** For a guest that may hang: what it can write it writes. */
  powerCycle: { sync: true, command: null },
  cut: { sync: false, command: null },
} as const satisfies Record<string, Manner>;

export type StopContext = Pick<StartContext, 'tools' | 'id' | 'only' | 'changed' | 'expectEnd' | 'unwatch'>;

/** How long a guest agent may take to answer at all. */
const agentPatienceMs = 20_000;
/** A command that tells init what to do returns at once. */
const commandTimeoutMs = 15_000;
const pauseMs = 50;

/** Ends the machine; silent when it does not run. What the guest had written and synced is on its drives. */
export async function shutDown(
  context: StopContext,
  machine: PlannedMachine,
  { process }: MachineRecord,
  manner: Manner,
  voice: StepVoice,
): Promise<void> {
  const { tools, id } = context;
  const { name } = machine.manifest;
  context.expectEnd(name);
  if (process !== null && isAlive(process) && (manner.sync || manner.command !== null)) {
    await leave(context, machine, process, manner, voice);
  }
  context.unwatch(name);
  await cutPower(context, machine);
  await tools.records.saveMachine(id, name, { process: null, state: 'stopped' });
  context.changed();
}

/** Ends the machine’s process and takes its sockets and cgroup back. */
export async function cutPower({ tools, id }: StopContext, machine: PlannedMachine): Promise<void> {
  const files = machineFiles(tools.paths, id, machine);
  tools.agents.hangUp(files.agentSocket);
  await tools.driver.kill(files);
}

/** Waits until the guest has ended by itself. One that does not, or cannot be asked, is only reported. */
async function leave(
  { tools, id }: StopContext,
  machine: PlannedMachine,
  process: ProcessIdentity,
  manner: Manner,
  voice: StepVoice,
): Promise<void> {
  const { name } = machine.manifest;
  const limitMs = tools.shutdownTimeoutMs();
  const deadline = AbortSignal.timeout(limitMs);
  const { signal } = voice;
  try {
    const options = { timeoutMs: Math.min(agentPatienceMs, limitMs), totalMs: limitMs, signal };
    await tools.agents.use(agentPlace(tools.paths, id, machine), options, async (agent) => {
      await tell(agent, manner);
    });
    const over = AbortSignal.any([deadline, signal]);
    while (manner.command !== null && isAlive(process) && !over.aborted) await setTimeout(pauseMs);
    if (deadline.aborted && isAlive(process))
      voice.log(`${name} did not shut down within ${limitMs / 1000} s: its power is cut`);
  } catch (error) {
    if (!voice.signal.aborted) voice.log(`${name}: its power is cut: ${toPlayhouseError(error).message}`);
  }
  voice.signal.throwIfAborted();
}

/** @throws PlayhouseError guest-agent-refused, guest-agent-silent when the guest cannot be told */
async function tell(agent: GuestAgent, { sync, command }: Manner): Promise<void> {
  if (sync) await agent.sync();
  if (command === null) return;
  // A guest that is quick to obey takes the agent with it before that can tell how the command ended.
  const result = await agent
    .exec({ argv: [command], timeoutMs: commandTimeoutMs })
    .catch((error: unknown) => {
      if (error instanceof PlayhouseError && error.code === 'guest-agent-silent') return null;
      throw error;
    });
  if (result === null || result.exitCode === 0 || result.signal !== null) return;
  const action = `run ${command}`;
  throw new PlayhouseError('guest-agent-refused', { action, detail: `it ended with ${result.exitCode}.` });
}
