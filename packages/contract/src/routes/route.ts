import type { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { AccessRule } from './access-rule.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One entry of the route table: everything the server, the client and the OpenAPI page need to know. */
export interface Route {
  readonly method: Method;
  /** Path below the origin, with `:name` parameters. */
  readonly path: string;
  readonly summary: string;
  readonly access: AccessRule;
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly status: 200 | 201 | 202;
  readonly response: z.ZodType;
  /** Codes a caller should expect beside those every route can answer with. */
  readonly errors: readonly ErrorCode[];
}

/** What a caller passes in: each part is present exactly when the route declares it. */
export type RouteInput<R extends Route> = Part<R, 'parameters'> & Part<R, 'query'> & Part<R, 'body'>;

/** What a handler gets: the same, parsed, with defaults filled in. */
export type RouteRequest<R extends Route> = Parsed<R, 'parameters'> & Parsed<R, 'query'> & Parsed<R, 'body'>;

export type RouteOutput<R extends Route> = z.output<R['response']>;

type Part<R extends Route, K extends 'parameters' | 'query' | 'body'> = R[K] extends z.ZodType
  ? object extends z.input<R[K]>
    ? { [P in K]?: z.input<R[K]> }
    : { [P in K]: z.input<R[K]> }
  : unknown;

type Parsed<R extends Route, K extends 'parameters' | 'query' | 'body'> = R[K] extends z.ZodType
  ? { readonly [P in K]: z.output<R[K]> }
  : unknown;
