import type { ServicePlan } from './service-plan.ts';

/** The plan without services that run only when a profile of theirs is chosen, and none is. `*` stands for all, as with Compose. */
export function chosenServices(plan: ServicePlan, profiles: readonly string[]): ServicePlan {
  const services = plan.services.filter(
    (service) =>
      service.profiles.length === 0 ||
      profiles.some((profile) => profile === '*' || service.profiles.includes(profile)),
  );
  return { ...plan, services };
}
