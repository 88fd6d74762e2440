// What came of the services of a job, apart from their containers: those may be removed once they have ended.
import type { PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { z } from 'zod';
import type { ContainerState } from '../docker/docker-api.ts';

/** How a service ended. */
const jobEndSchema = z.object({
  /** Null when it never ended by itself. */
  exitCode: z.int().nullable(),
  /** Why there is none. */
  detail: z.string().nullable(),
  /** False when it was stopped because the job was over. */
  byItself: z.boolean().default(true),
});

/** By service. */
export const jobEndsSchema = z.record(z.string(), jobEndSchema);

export type JobEnd = z.infer<typeof jobEndSchema>;
export type JobEnds = z.infer<typeof jobEndsSchema>;

const removed: JobEnd = {
  exitCode: null,
  detail: 'its container was removed before it was seen to end',
  byItself: true,
};

/**
 * What is known of the ends of the services that a job waits for, with what its containers tell now: what is known stays, for a
 * service runs once. All of them had a container when the job came up, so one without has lost it.
 */
export function noteEnds(
  { services }: ServicePlan,
  containers: readonly ContainerState[],
  known: JobEnds,
): JobEnds {
  const noted = services
    .filter(({ name, watched }) => watched && known[name] === undefined)
    .flatMap(({ name }): readonly (readonly [string, JobEnd])[] => {
      const own = containers.filter(({ service }) => service === name);
      if (own.length === 0) return [[name, removed]];
      const exitCode = exitCodeOf(own);
      return exitCode === null ? [] : [[name, { exitCode, detail: null, byItself: true }]];
    });
  return noted.length === 0 ? known : { ...known, ...Object.fromEntries(noted) };
}

/** True when everything that a job waits for has ended, whatever came of it. */
export function isJobOver({ services }: ServicePlan, ends: JobEnds): boolean {
  return services.every(({ name, watched }) => !watched || ends[name] !== undefined);
}

/** The same with what the job did not wait for, as it is once that was stopped; `before` is how it was until then. */
export function allEnds(
  { services }: ServicePlan,
  before: readonly ContainerState[],
  containers: readonly ContainerState[],
  known: JobEnds,
): JobEnds {
  const codeOf = (name: string, all: readonly ContainerState[]) =>
    exitCodeOf(all.filter(({ service }) => service === name));
  const endOf = ({ name }: PlannedService): JobEnd => {
    const own = codeOf(name, before);
    const end = { exitCode: own ?? codeOf(name, containers), detail: null, byItself: own !== null };
    return known[name] ?? end;
  };
  return Object.fromEntries(services.map((service) => [service.name, endOf(service)]));
}

/** Null while one of them runs; of several that have ended, that of one that failed. */
function exitCodeOf(own: readonly ContainerState[]): number | null {
  if (own.length === 0 || own.some(({ exitCode }) => exitCode === null)) return null;
  return own.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
}
