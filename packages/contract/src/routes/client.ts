import { fromErrorBody, PlayhouseError } from '../errors/playhouse-error.ts';
import type { ErrorBody } from '../errors/playhouse-error.ts';
import type { RouteInput, RouteOutput } from './route.ts';
import { type RouteName, type RouteTable, routeTable } from './route-table.ts';

export interface ClientOptions {
  /** Origin of the server, for example `http://127.0.0.1:7700`. */
  readonly endpoint: string;
  readonly token: string | null;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

export type Client = <N extends RouteName>(
  name: N,
  ...input: object extends RouteInput<RouteTable[N]>
    ? [RouteInput<RouteTable[N]>?]
    : [RouteInput<RouteTable[N]>]
) => Promise<RouteOutput<RouteTable[N]>>;

interface LooseInput {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * A typed client of the API: `await client('playground.get', { parameters: { playground: '42' } })`.
 * Throws the server’s own PlayhouseError, or `server-unreachable`. Answers are trusted, not parsed again.
 */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  return async (name, ...[input = {}]) => {
    const route = routeTable[name];
    const { parameters = {}, query = {}, body } = input as LooseInput;
    const headers: Record<string, string> = {};
    if (options.token !== null) headers['authorization'] = `Bearer ${options.token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method: route.method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (options.signal) init.signal = options.signal;
    const response = await reach(
      () => send(options.endpoint + pathOf(route.path, parameters, query), init),
      options,
    );
    const answer = (await response.json().catch(() => null)) as { error?: ErrorBody } | null;
    if (response.ok && answer !== null) return answer as never;
    throw answer?.error
      ? fromErrorBody(answer.error)
      : new PlayhouseError('server-unreachable', { endpoint: options.endpoint });
  };
}

/** Fills `:name` parameters and appends the query, leaving out what is undefined. */
export function pathOf(
  path: string,
  parameters: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(parameters[name])),
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, String(value as string | number | boolean)]],
    ),
  );
  return search.size > 0 ? `${filled}?${search.toString()}` : filled;
}

async function reach(request: () => Promise<Response>, options: ClientOptions): Promise<Response> {
  try {
    return await request();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new PlayhouseError('server-unreachable', { endpoint: options.endpoint }, { cause });
  }
}
