import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';

/** A path rule in Traefik’s notation. */
export function pathRuleText(rule: PathRule): string {
  switch (rule.kind) {
    case 'path':
      return `Path(${quoted(rule.value)})`;
    case 'prefix':
      return `PathPrefix(${quoted(rule.value)})`;
    case 'regexp':
      return `PathRegexp(${quoted(rule.value)})`;
    case 'not':
      return `!(${pathRuleText(rule.rule)})`;
    default:
      return `(${rule.rules.map(pathRuleText).join(rule.kind === 'any' ? ' || ' : ' && ')})`;
  }
}

/** Text as Traefik, which reads strings as Go does, takes it for exactly itself. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
