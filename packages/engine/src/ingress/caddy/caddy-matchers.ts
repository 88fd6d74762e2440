import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';
import type { Json } from './caddy-json.ts';

/** Sets of Caddy’s matchers of which one must hold, each with all of its matchers. */
export function matcherSets(rule: PathRule): readonly Json[] {
  switch (rule.kind) {
    // Not by Caddy’s matcher `path`: that looks neither at upper and lower case, nor at what a pattern has brackets for.
    case 'path':
      return [matching(`^${literal(rule.value)}$`)];
    case 'prefix':
      return [rule.value === '/' ? {} : matching(`^${literal(rule.value)}`)];
    case 'regexp':
      return [matching(rule.value)];
    case 'any':
      return rule.rules.flatMap(matcherSets);
    case 'not':
      return [{ not: matcherSets(rule.rule) }];
    default:
      // A set has one matcher of a kind: that all hold is said as that none does not.
      return [{ not: rule.rules.map((each) => ({ not: matcherSets(each) })) }];
  }
}

function matching(pattern: string): Json {
  return { path_regexp: { pattern } };
}

/** A path in which nothing stands for anything else; rules have no backslash in them. */
function literal(path: string): string {
  return String.raw`\Q${path}\E`;
}
