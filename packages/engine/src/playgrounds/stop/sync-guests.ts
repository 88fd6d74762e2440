import type { StepVoice } from '../../operations/step.ts';
import { agentPlace } from '../machine-specification.ts';
import { machinesOf, type StartContext } from '../start/start-context.ts';

const patienceMs = 10_000;

/** Has all guests write what they hold to their drives. One that does not answer keeps nobody waiting for long. */
export async function syncGuests(
  context: Pick<StartContext, 'tools' | 'id' | 'only' | 'running'>,
  { signal, log }: Pick<StepVoice, 'signal' | 'log'>,
): Promise<void> {
  const { tools, id } = context;
  const running = machinesOf(context).filter(({ machine }) => context.running(machine.manifest.name));
  await Promise.all(
    running.map(async ({ machine }) => {
      const options = { timeoutMs: patienceMs, totalMs: patienceMs, signal };
      const place = agentPlace(tools.paths, id, machine);
      await tools.agents
        .use(place, options, async (agent) => await agent.sync())
        .catch((error: unknown) => log(`${machine.manifest.name} was not synced: ${String(error)}`));
    }),
  );
  signal.throwIfAborted();
}
