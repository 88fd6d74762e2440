import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { isTaskFailure } from '../../tasks/task-failure.ts';
import { consoleTail } from '../console-log.ts';
import { machineFiles } from '../machine-specification.ts';
import { bootMachines } from './boot-machines.ts';
import { machinesOf, recordOf, type StartContext } from './start-context.ts';
import { waitForSsh } from './wait-for-ssh.ts';

const lookEveryMs = 1000;
/** An init task may restart its machine; one that does so without end must not. */
const mostRestarts = 3;
const shownNames = 3;

/** Runs the init tasks; the playground counts as running when all have succeeded. */
export const runInitTasks: Step<StartContext> = {
  label: 'Running init tasks',
  run: async (context, voice) => {
    const { tasks } = context;
    const over = new AbortController();
    const signal = AbortSignal.any([voice.signal, over.signal]);
    await tasks.renew();
    await tasks.begin();
    const done = tasks.untilInitDone(signal, ({ done: count, total, running }) => {
      const more = running.length > shownNames ? ` and ${running.length - shownNames} more` : '';
      voice.detail(running.slice(0, shownNames).join(', ') + more);
      voice.progress({ done: count, total, unit: 'tasks' });
    });
    try {
      await Promise.race([done, keepMachinesUp(context, { ...voice, signal })]);
    } finally {
      over.abort();
      await done.catch(() => undefined);
    }
  },
  undo: async (context) => {
    context.tasks.halt();
    if (!recordOf(context).established) await context.tasks.reset();
  },
  // Whoever writes tasks wants to log in and look. A retry goes on with those that have not succeeded.
  leavesStanding: isTaskFailure,
};

/** Boots machines again that end while their tasks run: most such scripts install what takes a restart. Never returns. */
async function keepMachinesUp(context: StartContext, voice: StepVoice): Promise<never> {
  const restarts = new Map<string, number>();
  const quiet = { ...voice, detail: () => {}, progress: () => {} };
  for (;;) {
    await setTimeout(lookEveryMs, undefined, { signal: voice.signal });
    const ended = machinesOf(context).filter(({ record }) => record.process === null);
    for (const { machine, record } of ended) {
      const { name } = machine.manifest;
      const count = (restarts.get(name) ?? 0) + 1;
      restarts.set(name, count);
      if (count > mostRestarts) {
        const { consoleLog } = machineFiles(context.tools.paths, context.id, machine);
        const tail = await consoleTail(consoleLog(record.boots));
        throw new PlayhouseError('machine-died', { machine: name, playground: context.id, tail });
      }
      voice.log(`${name} ended while init tasks ran; booting it again`);
      const only = { ...context, only: new Set([name]) };
      await bootMachines.run(only, quiet);
      await waitForSsh.run(only, quiet);
    }
  }
}
