import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { chosenServices } from './chosen-services.ts';
import type { ServiceNeed } from './service-needs.ts';
import type { ServicePlan } from './service-plan.ts';

/**
 * What keeps the chosen profiles from being run: nothing that runs, a job that waits for nothing, or services that need others which
 * do not run. Docker Compose would say so when repositories were cloned already, and without a place.
 */
export function checkChosen(
  { plan, needs }: { readonly plan: ServicePlan; readonly needs: readonly ServiceNeed[] },
  profiles: readonly string[],
): readonly ManifestIssue[] {
  const chosen = chosenServices(plan, profiles).services;
  const running = new Set(chosen.map(({ name }) => name));
  // What is yet to be filled in may be a profile that is chosen.
  const out = new Map(
    plan.services
      .filter((service) => !running.has(service.name))
      .filter((service) => !service.profiles.some((profile) => profile.includes('$')))
      .map(({ name, profiles: own }) => [name, own]),
  );
  const missing = needs.flatMap(({ service, name, field, path }): ManifestIssue[] => {
    const own = out.get(name);
    if (own === undefined || !running.has(service)) return [];
    return [{ code: 'compose-need-unchosen', path, parameters: { service, name, field, ...told(own) } }];
  });
  // What several services inherit is told once.
  const needing = [...new Map(missing.map((issue) => [JSON.stringify(issue.path), issue])).values()];
  const profilesOfAll = [...new Set([...out.values()].flat())];
  if (plan.services.length > 0 && plan.services.every(({ name }) => out.has(name)))
    return [{ code: 'compose-none-chosen', path: ['services'], parameters: told(profilesOfAll) }];
  const watched = plan.services.filter((service) => service.watched);
  const [first] = watched;
  if (!plan.jobMode || first === undefined || !watched.every(({ name }) => out.has(name))) return needing;
  const path = ['services', first.name, 'profiles'];
  const own = [...new Set(watched.flatMap((service) => service.profiles))];
  return [...needing, { code: 'compose-job-unchosen', path, parameters: told(own) }];
}

function told(profiles: readonly string[]) {
  const options = profiles.map((profile) => `\`--profile ${profile}\``);
  return { choice: options.join(' or ') };
}
