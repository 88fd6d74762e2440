import { z } from 'zod';

/**
 * How the branch of a checkout stands to that of the repository. `local`: the repository does not have it; `unknown`: it could not
 * be asked.
 */
export const standings = ['current', 'behind', 'ahead', 'diverged', 'local', 'unknown'] as const;

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

/** `waiting`: for its turn, one is built at a time. */
export const nextImageStates = ['waiting', 'building', 'ready', 'failed'] as const;

/** What only a checkout has, and a playground is kept for: uncommitted changes, or commits; `unreadable`: nobody can tell. */
export const keptReasons = ['changes', 'commits', 'unreadable'] as const;

/** How containers can differ from what was rolled out. */
export const driftKinds = ['missing', 'other-image', 'surplus'] as const;

export const nextImageSchema = z.object({
  commit: z.string().describe('The newest of its branch'),
  state: z.enum(nextImageStates),
  detail: z.string().nullable().describe('Why it could not be built: the last lines of the build'),
});

export const serviceSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['static', 'dynamic']).describe('`static`: of an image; `dynamic`: of a Git repository'),
    state: z.enum(serviceStates),
    image: z.string().nullable().describe('What its container was made of; null before there is one'),
    url: z.string().nullable().describe('Where it is reached; null when it is not exposed'),
    visibility: z.enum(['internal', 'external']).nullable().describe('`internal` asks for the password'),
    exitCode: z.int().nullable().describe('Of its container, once that has ended'),
    endDetail: z
      .string()
      .nullable()
      .default(null)
      .describe('Why one that a job waits for has no exit code though the job does not wait for it any more'),
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
    standing: z
      .enum(standings)
      .nullable()
      .default(null)
      .describe(
        'How what runs stands to the branch of the repository; null for static ones, and before it was asked',
      ),
    standingDetail: z.string().nullable().default(null).describe('Why it could not be asked'),
    nextImage: nextImageSchema
      .nullable()
      .default(null)
      .describe(
        'The image of new commits, which is built before a rollout asks for it; null when there are none, and where nothing is built',
      ),
    watched: z.boolean().default(false).describe('True of one that a job waits for'),
    drift: z
      .enum(driftKinds)
      .nullable()
      .default(null)
      .describe(
        'In what its containers are not what they should be: one is `missing`, runs another image, or is one too many (all of a service that is not in the file are); it is healed by itself',
      ),
    kept: z
      .enum(keptReasons)
      .nullable()
      .default(null)
      .describe(
        'Work that only its checkout has: the playground is not destroyed at the end of its lifetime. Looked for from that end on; null before, and where there is none',
      ),
    production: z.boolean().describe('True when it runs what was built, false when its sources are mounted'),
  })
  .describe('A Compose service of a playground');

/** A service whose address says that it is under maintenance. */
export const maintainedServiceSchema = z.object({
  name: z.string(),
  text: z.string().describe('What its address says'),
});

export type Service = z.infer<typeof serviceSchema>;
export type NextImage = z.infer<typeof nextImageSchema>;
export type ServiceDrift = (typeof driftKinds)[number];
export type KeptReason = (typeof keptReasons)[number];
export type ServiceState = Service['state'];

/** True when a branch has commits that do not run and will not come by themselves. */
export function hasChanges(services: readonly Pick<Service, 'standing'>[]): boolean {
  return services.some(({ standing }) => standing === 'behind' || standing === 'diverged');
}

/** What came of a job: it succeeded when all that it waits for ended with 0. */
export function jobResult(
  services: readonly Pick<Service, 'watched' | 'exitCode'>[],
): 'succeeded' | 'failed' {
  return services.every(({ watched, exitCode }) => !watched || exitCode === 0) ? 'succeeded' : 'failed';
}
