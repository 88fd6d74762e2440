import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { z } from 'zod';

const parts = ['parameters', 'query', 'body'] as const;
type Part = (typeof parts)[number];

type Schemas = { readonly [P in Part]?: z.ZodType };
type Parsed<S extends Schemas> = {
  readonly [P in keyof S & Part]: S[P] extends z.ZodType ? z.output<S[P]> : undefined;
};

/**
 * Parses those parts of a request that `schemas` (a route, for one) declares.
 * @throws PlayhouseError request-invalid, naming everything that is wrong.
 */
export function parseRequest<S extends Schemas>(
  schemas: S,
  input: { readonly [P in Part]?: unknown },
): Parsed<S> {
  const faults: string[] = [];
  const parsed: { [P in Part]?: unknown } = {};
  for (const part of parts) {
    const result = schemas[part]?.safeParse(input[part]);
    if (result?.success === true) parsed[part] = result.data;
    const issues = result?.error?.issues ?? [];
    faults.push(...issues.map(({ path, message }) => `${[part, ...path].join('.')}: ${message}`));
  }
  if (faults.length > 0) throw new PlayhouseError('request-invalid', { detail: faults.join('; ') });
  return parsed as Parsed<S>;
}
