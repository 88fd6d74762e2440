import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import type { ServicePlan } from './service-plan.ts';

/** What keeps a plan from being run as a job: routes, which nobody would use, and nothing to wait for. */
export function checkJob({ services }: ServicePlan): readonly ManifestIssue[] {
  const routed = services
    .filter(({ exposure }) => exposure !== null)
    .map(({ name }) => ({
      code: 'compose-job-routed' as const,
      path: ['services', name, 'labels'],
      parameters: { service: name },
    }));
  const watched = services.some((service) => service.watched);
  return watched
    ? routed
    : [...routed, { code: 'compose-job-unwatched', path: ['services'], parameters: {} }];
}
