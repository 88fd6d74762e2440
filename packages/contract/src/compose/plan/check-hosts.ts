import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { labelPrefix } from '../labels/label-table.ts';
import type { ReadService } from './read-service.ts';

/** Two services may share a host name, but not the same paths of it: which one would answer? */
export function checkHosts(services: readonly ReadService[]): readonly ManifestIssue[] {
  const seen = new Map<string, string>();
  return services.flatMap(({ planned, labels }): ManifestIssue[] => {
    const { name: service, exposure } = planned;
    if (exposure === null) return [];
    const { subdomain, pathRule } = exposure;
    const key = JSON.stringify([subdomain, pathRule]);
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, service);
      return [];
    }
    const path = labels.paths.get('subdomain') ?? labels.paths.get('port') ?? ['services', service];
    const label = `${labelPrefix}subdomain`;
    return [{ code: 'compose-host-conflict', path, parameters: { service, other, subdomain, label } }];
  });
}
