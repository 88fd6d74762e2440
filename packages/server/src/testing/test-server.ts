import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { Route, RouteInput, RouteOutput } from '@playhouse/contract/routes/route';
import { pathOf } from '@playhouse/contract/routes/client';
import { type RouteName, type RouteTable, routeTable } from '@playhouse/contract/routes/route-table';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApi } from '../api/build-api.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { createToken, hashToken } from '../auth/token.ts';
import { saveShippedPlayspecs } from '../catalog/shipped-playspecs.ts';
import type { ControlPlane } from '../control-plane.ts';
import { LinkServer } from '../link/link-server.ts';
import { EventFeed } from '../operations/event-feed.ts';
import { createNodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import { openStore } from '../store/store.ts';
import { TestEngine } from './test-engine.ts';

/** The whole control plane in a temporary folder, its API without a port. */
export interface TestServer {
  readonly api: FastifyInstance;
  readonly plane: ControlPlane;
  readonly token: string;
  readonly socketPath: string;
  /** Calls a route and checks that the answer is what the contract says; gives `error` for a refusal. */
  readonly call: <N extends RouteName>(
    name: N,
    input?: RouteInput<RouteTable[N]>,
  ) => Promise<Called<RouteTable[N]>>;
  /** Connects an engine and waits until it is welcome. */
  readonly connectEngine: () => Promise<TestEngine>;
  readonly close: () => Promise<void>;
}

export type Called<R extends Route> = { readonly status: number; readonly error?: ErrorBody } & Partial<
  RouteOutput<R>
>;

export async function startTestServer(
  options: { playgroundLimit?: number; questionTimeoutMs?: number } = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'playhouse-server-'));
  const store = await openStore(createNodeSqliteDialect(join(folder, 'playhouse.db')));
  await saveShippedPlayspecs(store.database, new Date().toISOString());
  const logger = pino({ level: 'silent' });
  const now = (): Date => new Date();
  const feed = new EventFeed(now);
  let identifiers = 0;
  const newIdentifier = (): string => (++identifiers).toString(16).padStart(24, '0');
  const base = { store, feed, now, newIdentifier, playgroundLimit: options.playgroundLimit ?? 100 };
  const link = new LinkServer(base, logger, options.questionTimeoutMs ?? 10_000);
  const socketPath = join(folder, 'link.sock');
  await link.listen(socketPath);
  const plane: ControlPlane = { ...base, engine: link };
  const token = createToken();
  const build = { version: '0.1.0', codeDigest: 'test' };
  const api = await buildApi({ plane, authenticate: createAuthenticate([hashToken(token)]), build, logger });

  return {
    api,
    plane,
    token,
    socketPath,
    call: async (name, input) => {
      const route: Route = routeTable[name];
      const {
        parameters = {},
        query = {},
        body,
      } = (input ?? {}) as Partial<Record<'parameters' | 'query', Record<string, unknown>>> & {
        body?: object;
      };
      const response = await api.inject({
        method: route.method,
        url: pathOf(route.path, parameters, query),
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      });
      const answer: unknown = response.json();
      if (response.statusCode === route.status) route.response.parse(answer);
      return { status: response.statusCode, ...(answer as object) } as never;
    },
    connectEngine: async () => {
      const engine = await TestEngine.connect(socketPath);
      await engine.next('welcome');
      return engine;
    },
    close: async () => {
      await api.close();
      await link.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
