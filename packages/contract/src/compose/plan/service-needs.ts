import { beginsAfter, type ServiceReference } from '../begins-after.ts';
import { extendsOf } from '../bases/extends-of.ts';
import { servicesOf } from './plan-services.ts';

type Written = Readonly<Record<string, unknown>>;

/** A service that another one cannot be without. */
export interface ServiceNeed extends Pick<ServiceReference, 'name' | 'field' | 'path'> {
  readonly service: string;
}

/** Longer chains are nobody’s, and a circle has no end. */
const longestChain = 20;

/** Of more, which no file has that was written by hand, Docker Compose says what is missing. */
const mostLooked = 20_000;

/** A service has one of these, its own or that of what it extends. */
const single: readonly string[] = [
  'network_mode',
  'pid',
  'ipc',
] satisfies readonly ServiceReference['field'][];

/**
 * What services need of others in the file, inherited or not, as Docker Compose has it: with `required: false` one can do without what
 * it waits for or links to, but not without what it shares namespaces or volumes with. Services that extend those of other files are
 * passed over: they may have further profiles from there.
 */
export function serviceNeeds(file: unknown): readonly ServiceNeed[] {
  const services = new Map(servicesOf(file));
  const known = new Set([...services.keys()].filter((name) => !leadsElsewhere(name, services)));
  const needs: ServiceNeed[] = [];
  let looked = 0;
  for (const service of known) {
    const references = inherited(service, services, longestChain);
    looked += references.length;
    if (looked > mostLooked) break;
    const optional = new Set(references.filter(({ required }) => required === false).map(({ name }) => name));
    for (const { name, field, path } of references) {
      const waits = field === 'depends_on' || field === 'links';
      if (known.has(name) && !(waits && optional.has(name))) needs.push({ service, name, field, path });
    }
  }
  return needs;
}

function leadsElsewhere(service: string, services: ReadonlyMap<string, Written>): boolean {
  let name = service;
  for (let left = longestChain; left > 0; left -= 1) {
    const from = extendsOf(services.get(name));
    if (from === null) return false;
    if (from.file !== null) return true;
    name = from.service;
  }
  return true;
}

function inherited(
  service: string,
  services: ReadonlyMap<string, Written>,
  left: number,
): readonly ServiceReference[] {
  const written = services.get(service) ?? {};
  const own = beginsAfter(service, written);
  const from = extendsOf(written);
  if (from === null || left === 0) return own;
  const base = inherited(from.service, services, left - 1);
  const ownTerms = new Map(own.filter(isWaiting).map((reference) => [reference.name, reference]));
  const baseTerms = new Map(base.filter(isWaiting).map((reference) => [reference.name, reference]));
  return [
    // What is said of one in both is merged.
    ...own.map((reference) =>
      isWaiting(reference) ? { ...baseTerms.get(reference.name), ...reference } : reference,
    ),
    ...base.filter((reference) =>
      isWaiting(reference)
        ? !ownTerms.has(reference.name)
        : !(single.includes(reference.field) && written[reference.field] !== undefined),
    ),
  ];
}

function isWaiting({ field }: ServiceReference): boolean {
  return field === 'depends_on';
}
