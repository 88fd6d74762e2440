// Which repositories a playground has checkouts of: one for each dynamic service, and one for the Compose file where it names files beside
// itself that no service’s checkout has.
import { createHash } from 'node:crypto';
import { hasSharedRepository, namedBeside } from '@playhouse/contract/compose/check-beside';
import { type ComposeOrigin, folderOf } from '@playhouse/contract/compose/compose-origin';
import { parseRepository, type Repository } from '@playhouse/contract/compose/labels/repository';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { Beside } from '@playhouse/contract/compose/render/own-binds';
import type { CheckoutWish } from '../git/checkout-state.ts';
import { compiledOf, recordOf, type ServicesSubject } from '../services-context.ts';

export interface WishedSource {
  /** Name of the checkout: that of the service. */
  readonly name: string;
  /** Null for that of the Compose file. */
  readonly service: PlannedService | null;
  readonly repository: Repository;
  readonly wish: Omit<CheckoutWish, 'url'>;
}

/** No service can be called that. */
const ofFile = '@';

/** Whether a checkout is the Compose file’s own: no container has it mounted, and nobody works in it. */
export function isOfComposeFile(checkout: string): boolean {
  return checkout.startsWith(ofFile);
}

/** All checkouts that the playground is to have. */
export function wishedSources(subject: ServicesSubject): readonly WishedSource[] {
  const record = recordOf(subject);
  // A branch that this playground made, or the one that it is a copy of, may have been pushed since.
  const orExisting = record.established || record.order.from !== null;
  const sources = compiledOf(subject.tools, record).plan.services.flatMap((service): WishedSource[] => {
    const { name, source } = service;
    if (source === null) return [];
    const { branch = source.branch, newFrom = null } = record.order.services[name] ?? {};
    return [{ name, service, repository: source.repository, wish: { branch, newFrom, orExisting } }];
  });
  const shared = sharedCheckout(subject);
  const { origin } = record.order.compose;
  const repository = origin === undefined ? null : parseRepository(origin.repository);
  if (shared === null || origin === undefined || repository === null || typeof repository === 'string')
    return sources;
  if (!isOfComposeFile(shared) || !namesFiles(subject)) return sources;
  const wish = { branch: origin.branch, newFrom: null, orExisting };
  return [...sources, { name: shared, service: null, repository, wish }];
}

/** The checkout that has the files of a service, or of the whole Compose file; null where there is none. */
export function checkoutWith(subject: ServicesSubject, service: string | null): string | null {
  const { plan } = compiledOf(subject.tools, recordOf(subject));
  const own = plan.services.find(({ name, source }) => source !== null && name === service);
  return own?.name ?? sharedCheckout(subject);
}

/** Whose files a service mounts: those of a repository that it names itself, else the shared ones. */
export function besideOf(subject: ServicesSubject): (service: string) => Beside {
  const record = recordOf(subject);
  const { beside } = subject.tools.records.files(subject.id);
  const { origin } = record.order.compose;
  const shared = { owner: null, folder: beside };
  if (origin === undefined) return () => shared;
  const own = new Set(ownersOf(subject));
  const folder = folderOf(origin) === '' ? beside : `${beside}/${folderOf(origin)}`;
  return (service) => (own.has(service) ? { owner: service, folder } : shared);
}

/** Where the relative paths of a service begin in its repository. */
export function beginsIn(subject: ServicesSubject): (service: string) => string {
  const { origin } = recordOf(subject).order.compose;
  const own = new Set(ownersOf(subject));
  return (service) => (origin === undefined || own.has(service) ? '' : folderOf(origin));
}

/** The services that name a repository themselves. */
function ownersOf(subject: ServicesSubject): readonly string[] {
  const { services } = compiledOf(subject.tools, recordOf(subject)).plan;
  return services.flatMap(({ name, source }) =>
    source !== null && source.ofFile === undefined ? [name] : [],
  );
}

function sharedCheckout(subject: ServicesSubject): string | null {
  const record = recordOf(subject);
  const { plan } = compiledOf(subject.tools, record);
  const { origin } = record.order.compose;
  if (!hasSharedRepository(plan, { origin })) return null;
  if (origin === undefined) return plan.services.find(({ source }) => source !== null)?.name ?? null;
  const same = plan.services.find(({ source }) => source?.ofFile === true && source.branch === origin.branch);
  return same?.name ?? checkoutName(origin);
}

/** Another repository has another one. */
function checkoutName({ repository }: ComposeOrigin): string {
  return `${ofFile}${createHash('sha256').update(repository).digest('hex').slice(0, 12)}`;
}

function namesFiles(subject: ServicesSubject): boolean {
  return namedBeside(compiledOf(subject.tools, recordOf(subject)).compiled).length > 0;
}
