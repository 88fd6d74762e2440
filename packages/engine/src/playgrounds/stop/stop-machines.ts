import type { Step } from '../../operations/step.ts';
import { machinesOf } from '../start/start-context.ts';
import { cutPower, type Manner, shutDown, type StopContext } from './shut-down.ts';

/** Shuts machines down, all at once, and takes back what they had of CPU and memory. */
export function stopMachines(manner: Manner): Step<StopContext> {
  return {
    label: 'Stopping machines',
    run: async (context, voice) => {
      const machines = machinesOf(context);
      let stopped = 0;
      voice.progress({ done: 0, total: machines.length, unit: 'machines' });
      const outcomes = await Promise.allSettled(
        machines.map(async ({ machine, record }) => {
          await shutDown(context, machine, record, manner, voice);
          voice.progress({ done: ++stopped, total: machines.length, unit: 'machines' });
        }),
      );
      const failure = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failure) throw failure.reason;
      if (context.only === undefined) await context.tools.cgroups.remove(context.id);
    },
    // A guest that was told to go cannot be called back: what was begun is finished.
    undo: async (context) => {
      for (const { machine } of machinesOf(context)) {
        await cutPower(context, machine);
        const off = { process: null, state: 'stopped' } as const;
        await context.tools.records.saveMachine(context.id, machine.manifest.name, off);
      }
    },
  };
}
