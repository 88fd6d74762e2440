import { interpolationsIn } from '../find-interpolations.ts';

/** A name that a line of an environment file asks for. */
export interface UnsetReference {
  readonly name: string;
  readonly line: number;
}

/** Characters of a line that are looked at: nobody writes a longer one to have it filled in. */
const longestLine = 65_536;

/**
 * What Docker Compose would fill in with nothing when it reads a file of `env_file:`, without a default and neither among `environment`
 * nor defined further up. Values in single quotes it takes as they are.
 */
export function unsetReferences(
  text: string,
  environment: Readonly<Record<string, string>>,
): readonly UnsetReference[] {
  const known = new Set(Object.keys(environment));
  return text.split(/\r\n?|\n/).flatMap((written, index) => {
    if (written.length > longestLine) return [];
    const [head = '', name] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]/.exec(written) ?? [];
    if (name === undefined) return [];
    const value = written.slice(head.length).trimStart();
    const asked = value.startsWith("'") ? [] : interpolationsIn(value.replaceAll(/\\\$|\s#.*/g, ''));
    const unset = asked.filter((each) => !each.hasDefault && !known.has(each.name));
    known.add(name);
    return unset.map((each) => ({ name: each.name, line: index + 1 }));
  });
}
