import type { GuestAgent } from '../guest/guest-agent.ts';
import type { StepVoice } from '../operations/step.ts';
import { agentPlace } from './machine-specification.ts';
import { machinesOf, type StartContext } from './start/start-context.ts';

export interface GuestWork {
  /** What was not done when it fails, as in `NAME was not synced`. */
  readonly missing: string;
  /** One that does not answer keeps nobody waiting for longer. */
  readonly patienceMs: number;
  readonly work: (agent: GuestAgent, signal: AbortSignal) => Promise<unknown>;
}

/** Does some work in all machines that run, at the same time. A failure is logged, and hinders nobody. */
export async function inEachGuest(
  context: Pick<StartContext, 'tools' | 'id' | 'only' | 'running'>,
  { signal, log }: Pick<StepVoice, 'signal' | 'log'>,
  { missing, patienceMs, work }: GuestWork,
): Promise<void> {
  const { tools, id } = context;
  const running = machinesOf(context).filter(({ machine }) => context.running(machine.manifest.name));
  await Promise.all(
    running.map(async ({ machine }) => {
      const options = { timeoutMs: patienceMs, totalMs: patienceMs, signal };
      await tools.agents
        .use(agentPlace(tools.paths, id, machine), options, work)
        .catch((error: unknown) => log(`${machine.manifest.name} was not ${missing}: ${String(error)}`));
    }),
  );
  signal.throwIfAborted();
}
