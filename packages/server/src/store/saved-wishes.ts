import type { ServicesOrder } from '@playhouse/contract/link/services-order';

type Services = ServicesOrder['services'];
type Profiles = ServicesOrder['profiles'];

interface WithProfiles {
  readonly services: Services;
  readonly profiles: Profiles;
}

interface SavedWishes {
  readonly savedServices: Services | null;
  readonly savedProfiles: Profiles;
}

/** What is sealed of the wishes of a saved playspec. Without profiles it is what versions stored that did not know of them. */
export function packWishes(services: Services, profiles: Profiles = []): Services | WithProfiles {
  return profiles.length === 0 ? services : { services, profiles };
}

/** What packWishes gave, or such a version stored; null when nothing was. */
export function unpackWishes(packed: unknown): SavedWishes {
  if (packed === null) return { savedServices: null, savedProfiles: [] };
  const { services, profiles } = packed as Partial<WithProfiles>;
  // A service may be called `profiles`, too; what is wished for it is no list.
  if (services !== undefined && Array.isArray(profiles))
    return { savedServices: services, savedProfiles: profiles };
  return { savedServices: packed as Services, savedProfiles: [] };
}
