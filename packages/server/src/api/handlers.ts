import type { RouteOutput, RouteRequest } from '@playhouse/contract/routes/route';
import type { RouteName, RouteTable } from '@playhouse/contract/routes/route-table';

/** The implementation of each route: parsed input in, the response's body out. Errors are thrown. */
export type Handlers = {
  readonly [N in RouteName]: (
    request: RouteRequest<RouteTable[N]>,
  ) => Promise<RouteOutput<RouteTable[N]>> | RouteOutput<RouteTable[N]>;
};

/** The handlers of one noun: those whose route names begin with it. */
export type HandlersOf<Noun extends string> = Pick<Handlers, Extract<RouteName, `${Noun}.${string}`>>;
