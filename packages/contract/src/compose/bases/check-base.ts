import type { Problem } from '../../errors/problem.ts';
import { type LocatedText, locateIssue } from '../../manifest/locate-issue.ts';
import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { checkCarriedOut } from '../check-carried-out.ts';
import { checkShape } from '../check-shape.ts';
import { findInterpolations } from '../find-interpolations.ts';
import { labelPrefix } from '../labels/label-table.ts';
import { listLabels } from '../labels/read-labels.ts';
import { findingToIssue } from '../policy/finding.ts';
import type { HostPolicy } from '../policy/host-policy.ts';
import { lintCompose } from '../policy/lint-compose.ts';

interface BaseOptions {
  readonly policy: HostPolicy;
  /** Absolute folder that relative paths of the base begin at, and the one that they must not lead out of. */
  readonly folder: string;
  readonly root: string;
  /** What Docker Compose interpolates. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * All that is wrong with those services of a file that others extend, each with its place. Docker Compose reads what they name while
 * it renders; afterwards nothing is left of that to look at.
 */
export function checkBase(
  located: LocatedText,
  services: Readonly<Record<string, unknown>>,
  { policy, folder, root, environment }: BaseOptions,
): readonly Problem[] {
  const file = { services };
  const context = { policy, project: null, folder, roots: [root], rendered: false };
  const denied = lintCompose(file, context).filter(({ level }) => level === 'deny');
  const missing = findInterpolations(file).filter(
    ({ name, hasDefault }) => !hasDefault && !Object.hasOwn(environment, name),
  );
  const issues: readonly ManifestIssue[] = [
    ...checkCarriedOut(file),
    ...checkShape(file),
    ...denied.map(findingToIssue),
    ...missing.map(({ name, path }) => ({
      ...{ code: 'compose-base' as const, path },
      parameters: { base: located.file, detail: `\`${name}\` has neither a default nor a value` },
    })),
    ...Object.entries(services).flatMap(([name, service]) =>
      platformLabels(service, ['services', name], located.file),
    ),
  ];
  return issues.map((issue) => locateIssue(located, issue));
}

/** What the platform does for a service is known before anything is cloned, from the Compose file itself. */
function platformLabels(service: unknown, path: readonly string[], base: string): readonly ManifestIssue[] {
  const labels = isRecord(service) ? listLabels(service['labels'], [...path, 'labels']) : [];
  return labels
    .filter(({ name }) => name.startsWith(labelPrefix))
    .map(({ name, path: at }) => ({
      ...{ code: 'compose-base' as const, path: at },
      parameters: { base, detail: `the label \`${name}\` belongs into the Compose file itself` },
    }));
}
