import { servicesOf } from '../plan/plan-services.ts';
import { closest } from '../../manifest/closest.ts';
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { validateCompose } from '../schema/validate-compose.ts';
import { judge, type JudgedFinding, type PolicyFinding } from './finding.ts';
import { levelOf } from './host-policy.ts';
import type { LintContext } from './lint-context.ts';
import { lintBuild } from './lint-build.ts';
import { lintIncludes, lintParts } from './lint-parts.ts';
import { lintLabels } from './lint-labels.ts';
import { lintRights } from './lint-rights.ts';
import { lintService } from './lint-service.ts';

/**
 * Everything in a Compose file that the host policy is about, but for what it allows. Look twice: at the file as written,
 * before Docker Compose reads the files that it names, and at what `docker compose config --format json` prints (with every
 * `$$` turned back into `$`, see readRendered), in which `extends`, anchors and interpolation are resolved. The second look
 * decides; it works on long and short forms alike.
 */
export function lintCompose(file: unknown, context: LintContext): readonly JudgedFinding[] {
  const services = servicesOf(file);
  const findings: readonly PolicyFinding[] = [
    ...unknownFields(file, context),
    ...lintIncludes(file, context),
    ...services.flatMap(([name, service]) => {
      const path = ['services', name];
      return [
        ...lintRights(service, path, context),
        ...lintService(service, path, context),
        ...lintBuild(service, path, context),
        ...lintLabels(service, path, context),
      ];
    }),
    ...lintParts(file, context),
  ];
  return findings.flatMap((finding) => {
    const level = levelOf(context.policy, finding.rule);
    return level === 'allow' ? [] : [judge(finding, level)];
  });
}

/** Of a rendered file, Docker Compose has judged the blocks further in, and prints some in a way of its own (`Path` of a device). */
function unknownFields(file: unknown, { rendered }: LintContext): readonly PolicyFinding[] {
  const { unknown } = validateCompose(file);
  return unknown
    .filter(({ path }) => !rendered || isShallow(path))
    .map(({ path, field, known }) => {
      const near = closest(field, known);
      const mend = near === undefined ? {} : { mend: `Did you mean \`${near}\`?` };
      return { rule: 'unknown-field', path, what: field, ...mend };
    });
}

/** Fields of the file, of services, of their `build` and `deploy`. */
function isShallow(path: ManifestPath): boolean {
  const [part, , block] = path;
  if (path.length === 1) return true;
  if (part !== 'services') return false;
  return path.length === 3 || (path.length === 4 && (block === 'build' || block === 'deploy'));
}
