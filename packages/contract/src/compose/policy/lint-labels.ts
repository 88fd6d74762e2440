import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { labelPrefix } from '../labels/label-table.ts';
import { listLabels } from '../labels/read-labels.ts';
import { parseRepository } from '../labels/repository.ts';
import { type PolicyFinding, written } from './finding.ts';
import type { LintContext } from './lint-context.ts';
import { isUnknown } from './paths.ts';

/** Labels by which the platform, Docker Compose or an ingress knows what is whose: nobody may forge them. */
export function isReservedLabel(name: string): boolean {
  return /^(playhouse|com\.docker|traefik|caddy(_\d+)?|docker-rollout|sablier)(\.|$)/i.test(name);
}

export function lintLabels(
  service: Readonly<Record<string, unknown>>,
  path: ManifestPath,
  context: LintContext,
): readonly PolicyFinding[] {
  const { deploy, build } = service;
  const labels = [
    ...listLabels(service['labels'], [...path, 'labels']),
    ...(isRecord(deploy) ? listLabels(deploy['labels'], [...path, 'deploy', 'labels']) : []),
    ...(isRecord(build) ? listLabels(build['labels'], [...path, 'build', 'labels']) : []),
  ];
  return labels.flatMap(({ name, value, path: at }): PolicyFinding[] => {
    if (isReservedLabel(name)) return [{ rule: 'reserved-label', path: at, what: written(name, value) }];
    if (name !== `${labelPrefix}repo_url` || isUnknown(value, context)) return [];
    const repository = parseRepository(value.trim());
    const local = typeof repository !== 'string' && repository.transport === 'file';
    return local ? [{ rule: 'local-repository', path: at, what: written(name, value) }] : [];
  });
}
