// What ends and takes up again: playgrounds and single machines.
import { z } from 'zod';
import { expiryActions, lifetimeSecondsSchema } from '../lifetime.ts';
import { journalChunkSchema } from '../link/question.ts';
import { playgroundSchema } from '../playground.ts';
import type { Route } from './route.ts';
import { accepted, machineParameters, playgroundParameters } from './playground-routes.ts';

const force = z.object({
  force: z.stringbool().default(false).describe('Cut the power without asking the guest to shut down'),
});
const forceOfPlayground = z.object({
  force: force.shape.force.describe(
    'Cut the power without asking the guests to shut down, or kill the containers at once',
  ),
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
    summary:
      'Shut a playground down: drives or volumes are kept, everything else is given back to the playroom',
    access: 'playground',
    parameters: playgroundParameters,
    query: forceOfPlayground,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state'],
  },
  'playground.suspend': {
    method: 'POST',
    path: '/api/playgrounds/:playground/suspend',
    summary: 'Stop a running playground and keep its memory too: its restart goes on where it was',
    access: 'playground',
    parameters: playgroundParameters,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state'],
  },
  'playground.restart': {
    method: 'POST',
    path: '/api/playgrounds/:playground/restart',
    summary:
      'Boot a stopped playground from its drives, or go on where a suspended one was; with the addresses and keys it had',
    access: 'playground',
    parameters: playgroundParameters,
    query: z.object({
      cold: z.stringbool().default(false).describe('Boot from the drives, even when memory was kept'),
    }),
    status: 202,
    response: accepted,
    errors: [
      'playground-unknown',
      'playground-state',
      'job-fixed',
      'memory-budget',
      'playground-limit',
      'engine-down',
    ],
  },
  'playground.lifetime': {
    method: 'PUT',
    path: '/api/playgrounds/:playground/lifetime',
    summary: 'Say how long a playground may run from now on, and what becomes of it then',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      lifetimeSeconds: lifetimeSecondsSchema
        .optional()
        .describe('Counted from now; null for no end; left out: as it is, unless `extend` adds the default'),
      extend: z
        .boolean()
        .default(false)
        .describe(
          'Add the seconds to what is left, or when they are left out the default: an hour for jobs, else `server.defaultLifetime`; without an end there is nothing to extend',
        ),
      onExpiry: z.enum(expiryActions).optional().describe('Left out: as it is'),
    }),
    status: 200,
    response: z.object({ playground: playgroundSchema }),
    errors: ['playground-unknown', 'playground-state', 'job-fixed', 'extension-unsaid', 'lifetime-too-long'],
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
  'machine.journal': {
    method: 'GET',
    path: '/api/playgrounds/:playground/machines/:machine/journal',
    summary: 'Part of a running machine’s systemd journal',
    access: 'playground',
    parameters: machineParameters,
    query: z.object({
      unit: z.string().min(1).max(256).optional().describe('Only of this unit, as `ssh` or `*.timer`'),
      lines: z.coerce
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(100)
        .describe('The last so many; with `after` this says nothing'),
      since: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .describe('As journalctl reads it: `-1h`, `2026-01-31 12:00`'),
      until: z.string().min(1).max(64).optional().describe('Likewise'),
      after: z.string().min(1).max(1024).optional().describe('A cursor: what came after its entry'),
    }),
    status: 200,
    response: z.object({ journal: journalChunkSchema }),
    errors: [
      'playground-unknown',
      'machine-unknown',
      'machine-not-running',
      'journal-missing',
      'journal-refused',
      'guest-agent-silent',
      'guest-agent-refused',
      'engine-down',
    ],
  },
} as const satisfies Record<string, Route>;
