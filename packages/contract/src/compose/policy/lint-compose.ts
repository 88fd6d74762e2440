import { servicesOf } from '../plan/plan-services.ts';
import { closest } from '../../manifest/closest.ts';
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
    ...unknownFields(file),
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

function unknownFields(file: unknown): readonly PolicyFinding[] {
  return validateCompose(file).unknown.map(({ path, field, known }) => {
    const near = closest(field, known);
    const mend = near === undefined ? {} : { mend: `Did you mean \`${near}\`?` };
    return { rule: 'unknown-field', path, what: field, ...mend };
  });
}
