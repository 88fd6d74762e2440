import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { Logger } from 'pino';
import type { OperationQueue } from '../operations/operation-queue.ts';
import { quietVoice, type Step } from '../operations/step.ts';
import type { PlaygroundRecord } from './playground-record.ts';
import { bootMachines } from './start/boot-machines.ts';
import type { StartContext } from './start/start-context.ts';

/** What work that nobody asked for needs: turns that keep operations out of the way, and a log. */
export interface Housekeeping {
  readonly queue: Pick<OperationQueue, 'runUnasked'>;
  readonly log: Logger;
}

/**
 * Boots machines again, outside any operation. After a failure they are off, nothing else of the playground is undone, and
 * `failed` is told why.
 */
export async function bootAgain(
  { queue, log }: Housekeeping,
  context: StartContext,
  names: ReadonlySet<string>,
  steps: readonly Step<StartContext>[],
  failed: (error: PlaygroundRecord['error']) => Promise<void>,
): Promise<void> {
  const { id, tools } = context;
  await queue.runUnasked(id, async (signal) => {
    const voice = quietVoice((line) => log.info({ playground: id }, line), signal);
    // One that was stopped while this waited for its turn stays off.
    const { machines = [] } = tools.records.get(id) ?? {};
    const wanted = machines.filter(({ name, state }) => names.has(name) && state !== 'stopped');
    const these = { ...context, only: new Set(wanted.map(({ name }) => name)) };
    let step = steps[0]?.label ?? null;
    try {
      for (const next of wanted.length > 0 ? steps : []) {
        if (signal.aborted || !tools.records.get(id)) return;
        step = next.label;
        await next.run(these, voice);
      }
      context.changed();
    } catch (error) {
      if (signal.aborted) return;
      log.error({ playground: id, err: error }, 'a machine could not be booted again');
      await bootMachines.undo?.(these);
      const { code, message, hint } = toErrorBody(error);
      await failed({ code, message, hint, step });
    }
  });
}
