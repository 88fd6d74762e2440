import { z } from 'zod';

/** `done`: it has ended with success and is not to run again, as an init container. */
export const serviceStates = [
  'pending',
  'starting',
  'running',
  'unhealthy',
  'stopped',
  'done',
  'failed',
] as const;

export const serviceSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['static', 'dynamic']).describe('`static`: of an image; `dynamic`: of a Git repository'),
    state: z.enum(serviceStates),
    image: z.string().nullable().describe('What its container was made of; null before there is one'),
    url: z.string().nullable().describe('Where it is reached; null when it is not exposed'),
    visibility: z.enum(['internal', 'external']).nullable().describe('`internal` asks for the password'),
    exitCode: z.int().nullable().describe('Of its container, once that has ended'),
    healthOutput: z.string().nullable().describe('What its last health check said'),
    branch: z.string().nullable(),
    commit: z.string().nullable(),
    dirty: z
      .boolean()
      .nullable()
      .describe('True when its checkout has changes that were not committed; null for static ones'),
    maintenance: z
      .string()
      .nullable()
      .default(null)
      .describe('What its address says while it is under maintenance; null when it is not'),
    production: z.boolean().describe('True when it runs what was built, false when its sources are mounted'),
  })
  .describe('A Compose service of a playground');

/** A service whose address says that it is under maintenance. */
export const maintainedServiceSchema = z.object({
  name: z.string(),
  text: z.string().describe('What its address says'),
});

export type Service = z.infer<typeof serviceSchema>;
export type ServiceState = Service['state'];
