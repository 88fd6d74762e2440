import { rehearseLogin } from '../../guest/rehearse-login.ts';
import type { Step } from '../../operations/step.ts';
import { inEachGuest } from '../each-guest.ts';
import { machinesOf, type StartContext } from './start-context.ts';

const rehearsalMs = 20_000;

/**
 * The last step for a spare copy: its machines do once what their first user will do, and stand by then. An emulated machine
 * translates each program when it first runs after it was woken; that is half of the time of a login. Repeatable.
 */
export const holdMachines: Step<StartContext> = {
  label: 'Standing by',
  run: async (context, voice) => {
    const running = machinesOf(context).map(({ machine }) => context.running(machine.manifest.name));
    // An engine may have died between here and the end of the step.
    await Promise.all(running.map(async (machine) => await machine?.settle()));
    await inEachGuest(context, voice, {
      missing: 'made to rehearse a login',
      patienceMs: rehearsalMs,
      work: async (agent, signal) => await rehearseLogin(agent, signal, rehearsalMs),
    });
    await Promise.all(running.map(async (machine) => await machine?.hold()));
  },
};
