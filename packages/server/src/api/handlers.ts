import type { RouteOutput, RouteRequest } from '@playhouse/contract/routes/route';
import type { RouteName, RouteTable } from '@playhouse/contract/routes/route-table';
import type { Principal } from '../auth/principal.ts';

/**
 * The implementation of each route: parsed input and the caller in, the response's body out. Errors are thrown. The route's
 * access rule was applied before; a list that shows to each what is their own asks `auth/may.ts`.
 */
export type Handlers = {
  readonly [N in RouteName]: (
    request: RouteRequest<RouteTable[N]>,
    caller: Principal,
  ) => Promise<RouteOutput<RouteTable[N]>> | RouteOutput<RouteTable[N]>;
};

/** The handlers of one noun: those whose route names begin with it. */
export type HandlersOf<Noun extends string> = Pick<Handlers, Extract<RouteName, `${Noun}.${string}`>>;
