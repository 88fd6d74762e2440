import { z } from 'zod';
import { accessControlOfMode, accessControlSchema, legacyAccessSchema } from './access-control.ts';
import { egressSchema } from './egress.ts';
import { initConditionsSchema } from './init-conditions.ts';
import { initTasksSchema } from './init-task.ts';
import { manifestMachineSchema } from './machine.ts';
import { networkSchema } from './network.ts';
import { noun } from './noun.ts';
import { portForwardSchema } from './port-forward.ts';
import { tabSchema } from './tab.ts';

/**
 * The `playground:` part. Everything is optional here, because a manifest may be laid over a base (see mergeManifest);
 * checkManifest demands what a whole one needs. `access` becomes `accessControl`.
 */
export const playgroundSpecSchema = noun('PlaygroundSpec', 'What the playground is made of.', {
  networks: z
    .array(networkSchema)
    .max(16)
    .optional()
    .describe('Networks. Default: those of the base, else one called `local` with 172.16.0.0/24.'),
  egress: egressSchema
    .optional()
    .describe(
      'What machines may reach outside: `open` (default), `none`, or a list of subnets, addresses and domain names, each with all below it. Private ranges stay out of reach whatever is written here; see networks.md.',
    ),
  machines: z
    .array(manifestMachineSchema)
    .optional()
    .describe('Machines, 1 to 5. Default: those of the base.'),
  tabs: z
    .array(tabSchema)
    .max(10)
    .optional()
    .describe(
      'Tabs of the page, at most 10. Default: those of the base, else a terminal per machine with SSH.',
    ),
  initTasks: initTasksSchema
    .optional()
    .describe('Scripts that prepare or watch the machines, by name; at most 200.'),
  initConditions: initConditionsSchema.optional().describe('Choices offered at the start.'),
  registryAuth: z
    .string()
    .regex(/^[^:\s]+:\S+$/, { error: 'manifest-bad-registry-auth' })
    .optional()
    .describe('`user:password` that protects the registry inside the playground.'),
  portForwards: z
    .array(portForwardSchema)
    .max(100)
    .optional()
    .describe('Port forwards that clients can restore.'),
  accessControl: accessControlSchema.optional().describe('Who may list, read and start the playground.'),
  access: legacyAccessSchema.optional().describe('Deprecated: use accessControl.'),
}).transform(({ access, ...spec }, context) => {
  if (access === undefined) return spec;
  if (spec.accessControl === undefined) return { ...spec, accessControl: accessControlOfMode(access.mode) };
  context.addIssue({ code: 'custom', message: 'manifest-two-access-rules', path: ['access'], input: access });
  return z.NEVER;
});
