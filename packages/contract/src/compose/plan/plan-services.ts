import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { readLabels } from '../labels/read-labels.ts';
import { checkHosts } from './check-hosts.ts';
import { checkJob } from './check-job.ts';
import { checkService } from './check-service.ts';
import { extendedServices } from './extended-services.ts';
import { planService } from './plan-service.ts';
import type { PlanOptions, ReadService } from './read-service.ts';
import type { ServicePlan } from './service-plan.ts';

/**
 * Decides what each service of a Compose file is, and says all that is wrong with its labels. Works on the file as written
 * and as `docker compose config --format json` prints it, which is what counts: there everything is filled in.
 */
export function planServices(
  file: unknown,
  options: PlanOptions = {},
): { readonly plan: ServicePlan; readonly issues: readonly ManifestIssue[] } {
  const services = extendedServices(servicesOf(file)).map(({ name, written, labels: all }): ReadService => {
    const labels = readLabels(all, name);
    return { planned: planService(name, written, labels.values, options), written, labels };
  });
  const plan: ServicePlan = {
    services: services.map(({ planned }) => planned),
    jobMode: options.jobMode ?? false,
  };
  const issues = [
    // What is wrong with a label is told once, however many services inherit it.
    ...new Map(
      services.flatMap(({ labels }) => labels.issues.map((issue) => [JSON.stringify(issue.path), issue])),
    ).values(),
    ...services.flatMap((service) => checkService(service, options)),
    ...checkHosts(services),
    ...(plan.jobMode ? checkJob(plan) : []),
  ];
  return { plan, issues };
}

/** The services that are blocks of fields; the shape of others was complained about already. */
export function servicesOf(file: unknown): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const services = isRecord(file) ? file['services'] : undefined;
  return isRecord(services)
    ? Object.entries(services).flatMap(([name, service]) =>
        isRecord(service) ? [[name, service] as const] : [],
      )
    : [];
}
