import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';

/** How much of a path a rule names, in characters: of two rules that fit, the heavier one counts. An exact path beats a prefix. */
export function pathWeight(rule: PathRule): number {
  switch (rule.kind) {
    case 'path':
      return rule.value.length + 0.5;
    case 'prefix':
    case 'regexp':
      return rule.value.length;
    case 'not':
      return 0;
    default:
      return Math.max(0, ...rule.rules.map(pathWeight));
  }
}
