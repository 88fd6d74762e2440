// Which images are to be built before a rollout asks for them: those of the newest commits of services that run what was built.
import { createHash } from 'node:crypto';
import type { PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { ServicesRecord } from '../services-record.ts';
import type { BuiltAhead } from '../services-version.ts';
import { isBuilt, isProduction } from '../start/planned-image.ts';
import type { Followed } from '../sync/followed.ts';

/** What is to be built of one playground. */
export interface DueImages {
  /** By service: the commit to which a rollout would take its checkout. Also of services that are not built. */
  readonly commits: ReadonlyMap<string, string>;
  /** Digest of the order. */
  readonly order: string;
  /** Services whose images are to be built. */
  readonly services: readonly string[];
}

/**
 * The commits that a rollout would bring about, by service; it leaves what somebody works in as it is. A checkout may have one
 * already, from a rollout that failed. Of a branch that could not be asked those that were `known` still are.
 */
export function comingCommits(
  followed: ReadonlyMap<string, Followed>,
  parts: ServicesRecord['parts'],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(
    [...followed].flatMap(([service, { standing, dirty, newest }]) => {
      const commit = standing === 'unknown' ? known.get(service) : newest;
      const isTaken = standing === 'behind' || standing === 'current' || standing === 'unknown';
      const isNew = commit !== parts[service]?.commit;
      return isTaken && isNew && !dirty && commit ? [[service, commit] as const] : [];
    }),
  );
}

function isBuiltAhead(record: ServicesRecord, service: PlannedService): boolean {
  return isBuilt(service) && service.buildAhead && isProduction(record, service);
}

/** What of a record still holds: images of commits that were overtaken, or for another order, are of no use any more. */
export function standingImages(
  record: ServicesRecord,
  { services }: ServicePlan,
  commits: ReadonlyMap<string, string>,
): ServicesRecord['nextImages'] {
  const order = orderDigest(record);
  const holds = (name: string, ahead: BuiltAhead) =>
    ahead.commit === commits.get(name) &&
    ahead.order === order &&
    services.some((service) => service.name === name && isBuiltAhead(record, service));
  return Object.fromEntries(Object.entries(record.nextImages).filter(([name, ahead]) => holds(name, ahead)));
}

/** What is left to do; null when that is nothing. What failed is not tried again. */
export function dueImages(
  record: ServicesRecord,
  { services }: ServicePlan,
  commits: ReadonlyMap<string, string>,
): DueImages | null {
  const due = services.filter(
    (service) =>
      isBuiltAhead(record, service) &&
      commits.has(service.name) &&
      record.nextImages[service.name] === undefined,
  );
  if (due.length === 0) return null;
  return { commits, order: orderDigest(record), services: due.map(({ name }) => name) };
}

/** True when whoever makes `under` makes all that is due, of the same commits. */
export function covers(under: DueImages, due: DueImages): boolean {
  return (
    under.order === due.order &&
    under.commits.size === due.commits.size &&
    [...due.commits].every(([service, commit]) => under.commits.get(service) === commit) &&
    due.services.every((service) => under.services.includes(service))
  );
}

function orderDigest({ order }: ServicesRecord): string {
  return createHash('sha256').update(JSON.stringify(order, inSequence)).digest('hex').slice(0, 24);
}

/** Has the fields of every object in one sequence: what was read from disk has them in another than what came from the server. */
function inSequence(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
