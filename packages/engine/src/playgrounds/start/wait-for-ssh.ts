import type { Step } from '../../operations/step.ts';
import { machinesOf, type StartContext } from './start-context.ts';
import { untilSshAnswers } from './until-ssh-answers.ts';

/** Waits until every machine’s sshd answers; only then is the playground of use. */
export const waitForSsh: Step<StartContext> = {
  label: 'Waiting for SSH',
  run: async (context, voice) => {
    let ready = 0;
    const machines = machinesOf(context);
    voice.progress({ done: 0, total: machines.length, unit: 'machines' });
    // One machine that will never answer ends the wait for the others.
    const { promise: failed, reject: fail } = Promise.withResolvers<never>();
    failed.catch(() => {});
    const waits = machines.map(async ({ machine, record }) => {
      const { name } = machine.manifest;
      // After a restart of the engine nobody waits yet.
      const answering =
        context.answering.get(name) ?? untilSshAnswers(context, machine, record.boots, voice.signal);
      answering.catch(fail);
      await Promise.race([answering, failed]);
      await context.tools.records.saveMachine(context.id, name, { state: 'running' });
      context.changed();
      voice.progress({ done: ++ready, total: machines.length, unit: 'machines' });
    });
    const outcomes = await Promise.allSettled(waits);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  },
};
