import type { z } from 'zod';
import type { Route } from './route.ts';

const parts = ['parameters', 'query', 'body'] as const;

/** Something in a request that its route does not take. */
export interface RequestFault {
  /** Where it is in the parameters, the query or the body. */
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** What is wrong, to be read behind a name: `must be at most 32`. */
  readonly words: string;
}

/** Everything that is wrong with a request, as far as its route’s schemas say. */
export function requestFaults(
  route: Pick<Route, (typeof parts)[number]>,
  input: { readonly [P in (typeof parts)[number]]?: unknown },
): readonly RequestFault[] {
  return parts.flatMap((part) => {
    const issues = route[part]?.safeParse(input[part] ?? {}).error?.issues ?? [];
    return issues.map((issue) => ({
      path: issue.path,
      value: issue.path.reduce<unknown>(inside, input[part]),
      words: wordsOf(issue),
    }));
  });
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return bound(issue.origin, `at most ${issue.maximum}`);
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return bound(issue.origin, `at least ${issue.minimum}`);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'invalid_type':
      return `must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    default:
      return `is not right: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  }
}

function bound(origin: string, amount: string): string {
  const unit = { string: 'characters', array: 'values' }[origin];
  return unit === undefined ? `must be ${amount}` : `must have ${amount} ${unit}`;
}
