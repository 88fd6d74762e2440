// What ends and takes up again: playgrounds and single machines.
import { z } from 'zod';
import type { Route } from './route.ts';
import { accepted, machineParameters, playgroundParameters } from './playground-routes.ts';

const force = z.object({
  force: z.stringbool().default(false).describe('Cut the power without asking the guest to shut down'),
});

const machineErrors = [
  'playground-unknown',
  'playground-state',
  'machine-unknown',
  'machine-not-running',
  'engine-down',
] as const;

export const lifeRoutes = {
  'playground.stop': {
    method: 'POST',
    path: '/api/playgrounds/:playground/stop',
    summary: 'Shut a playground down: its drives are kept, everything else is given back to the playroom',
    access: 'playground',
    parameters: playgroundParameters,
    query: force,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state'],
  },
  'playground.restart': {
    method: 'POST',
    path: '/api/playgrounds/:playground/restart',
    summary: 'Boot a stopped playground from its drives, with the addresses and keys it had',
    access: 'playground',
    parameters: playgroundParameters,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state', 'memory-budget', 'playground-limit', 'engine-down'],
  },
  'machine.stop': {
    method: 'POST',
    path: '/api/playgrounds/:playground/machines/:machine/stop',
    summary: 'Power one machine off; the others run on',
    access: 'playground',
    parameters: machineParameters,
    query: force,
    status: 202,
    response: accepted,
    errors: machineErrors,
  },
  'machine.restart': {
    method: 'POST',
    path: '/api/playgrounds/:playground/machines/:machine/restart',
    summary: 'Start a machine that is off; power-cycle one that runs, even when its guest hangs',
    access: 'playground',
    parameters: machineParameters,
    status: 202,
    response: accepted,
    errors: machineErrors,
  },
  'machine.reboot': {
    method: 'POST',
    path: '/api/playgrounds/:playground/machines/:machine/reboot',
    summary: 'Have a running machine’s guest restart itself',
    access: 'playground',
    parameters: machineParameters,
    status: 202,
    response: accepted,
    errors: machineErrors,
  },
} as const satisfies Record<string, Route>;
