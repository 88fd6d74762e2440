// Which requests of a host go to a service. The notation is Traefik's; every ingress translates the tree.
import { isPattern } from '../../manifest/matches-pattern.ts';

export type PathRule =
  /** That path and no other. */
  | { readonly kind: 'path'; readonly value: string }
  /** All paths that begin with it. */
  | { readonly kind: 'prefix'; readonly value: string }
  /** Paths in which the RE2 pattern occurs. */
  | { readonly kind: 'regexp'; readonly value: string }
  | { readonly kind: 'any' | 'all'; readonly rules: readonly PathRule[] }
  | { readonly kind: 'not'; readonly rule: PathRule };

/** All paths: what a service has that says nothing else. */
export const everyPath: PathRule = { kind: 'prefix', value: '/' };

const kinds = { Path: 'path', PathPrefix: 'prefix', PathRegexp: 'regexp' } as const;
const longestRule = 1000;
const deepestRule = 20;

/**
 * Reads `/api`, which means PathPrefix, or an expression of Path, PathPrefix and PathRegexp with `&&`, `||`, `!` and
 * parentheses. Undefined for all else: rules about hosts, headers, methods or clients would reach beyond the service.
 */
export function parsePathRule(text: string): PathRule | undefined {
  const trimmed = text.trim();
  if (trimmed.length > longestRule) return undefined;
  if (trimmed.startsWith('/')) return isPath(trimmed) ? { kind: 'prefix', value: trimmed } : undefined;
  const tokens = trimmed.match(/\s+|&&|\|\||[!(),]|\w+|`[^`]*`|"[^"]*"|[^]/g) ?? [];
  const reader = new Reader(tokens.filter((token) => token.trim() !== ''));
  const rule = reader.any(0);
  return reader.atEnd ? rule : undefined;
}

/** Recursive descent; every method gives undefined where the text is not a rule. */
class Reader {
  #position = 0;
  readonly #tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#position === this.#tokens.length;
  }

  any(depth: number): PathRule | undefined {
    return this.#chain('any', '||', () => this.#chain('all', '&&', () => this.#single(depth)));
  }

  #chain(kind: 'any' | 'all', operator: string, next: () => PathRule | undefined): PathRule | undefined {
    const rules: PathRule[] = [];
    do {
      const rule = next();
      if (rule === undefined) return undefined;
      rules.push(rule);
    } while (this.#take(operator));
    return rules.length === 1 ? rules[0] : { kind, rules };
  }

  #single(depth: number): PathRule | undefined {
    if (depth > deepestRule) return undefined;
    if (this.#take('!')) {
      const rule = this.#single(depth + 1);
      return rule === undefined ? undefined : { kind: 'not', rule };
    }
    if (!this.#take('(')) return this.#matcher();
    const rule = this.any(depth + 1);
    return this.#take(')') ? rule : undefined;
  }

  #matcher(): PathRule | undefined {
    const name = this.#next();
    if (name === undefined || !Object.hasOwn(kinds, name) || !this.#take('(')) return undefined;
    const kind = kinds[name as keyof typeof kinds];
    const quoted = /^[`"](.*)[`"]$/s.exec(this.#next() ?? '');
    const value = quoted?.[1] ?? '';
    if (!this.#take(')')) return undefined;
    const sound = kind === 'regexp' ? value !== '' && isPattern(value) : isPath(value);
    return sound ? { kind, value } : undefined;
  }

  #next(): string | undefined {
    return this.#tokens[this.#position++];
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }
}

/** What follows a path in an address is no part of it, and would never be found there. */
function isPath(text: string): boolean {
  return /^\/[^\s"'`{}*<>\\?#]*$/.test(text);
}
