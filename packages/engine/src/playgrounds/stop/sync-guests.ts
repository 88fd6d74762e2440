import type { StepVoice } from '../../operations/step.ts';
import { inEachGuest } from '../each-guest.ts';
import type { StartContext } from '../start/start-context.ts';

/** Has all guests write what they hold to their drives. */
export async function syncGuests(
  context: Pick<StartContext, 'tools' | 'id' | 'only' | 'running'>,
  voice: Pick<StepVoice, 'signal' | 'log'>,
): Promise<void> {
  const work = { missing: 'synced', patienceMs: 10_000 };
  await inEachGuest(context, voice, { ...work, work: async (agent) => await agent.sync() });
}
