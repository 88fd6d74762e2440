import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';
import type { Json } from './caddy-json.ts';

/** Sets of Caddy’s matchers of which one must hold, each with all of its matchers. */
export function matcherSets(rule: PathRule): readonly Json[] {
  switch (rule.kind) {
    case 'path':
      return [{ path: [literal(rule.value)] }];
    case 'prefix':
      return [rule.value === '/' ? {} : { path: [`${literal(rule.value)}*`] }];
    case 'regexp':
      return [{ path_regexp: { pattern: rule.value } }];
    case 'any':
      return rule.rules.flatMap(matcherSets);
    case 'not':
      return [{ not: matcherSets(rule.rule) }];
    default:
      // A set has one matcher of a kind: that all hold is said as that none does not.
      return [{ not: rule.rules.map((each) => ({ not: matcherSets(each) })) }];
  }
}

/** A path in which nothing stands for anything else. */
function literal(path: string): string {
  return path.replaceAll('*', '%2A');
}
