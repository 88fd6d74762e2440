import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { HostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import type { Route, RouteInput, RouteOutput } from '@playhouse/contract/routes/route';
import { pathOf } from '@playhouse/contract/routes/client';
import { type RouteName, type RouteTable, routeTable } from '@playhouse/contract/routes/route-table';
import { firstAdmin } from '@playhouse/contract/user';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApi } from '../api/build-api.ts';
import { createAuthenticate } from '../auth/authenticate.ts';
import { createToken, hashToken } from '../auth/token.ts';
import { saveShippedPlayspecs } from '../catalog/shipped-playspecs.ts';
import type { ControlPlane } from '../control-plane.ts';
import { LinkServer } from '../link/link-server.ts';
import type { LifetimeRules } from '../operations/lifetime-rules.ts';
import { noLimits, type ResourceLimits } from '../placement/scale-resources.ts';
import { type ServicesLimits, usualServicesLimits } from '../placement/check-services-room.ts';
import { EventFeed } from '../operations/event-feed.ts';
import { createNodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import type { Database } from '../store/schema.ts';
import { newStoreKey } from '../store/store-fixtures.ts';
import { openStore } from '../store/store.ts';
import { addToken } from '../store/tokens.ts';
import { addUser, type StoredUser } from '../store/users.ts';
import { TestEngine } from './test-engine.ts';

/** The whole control plane in a temporary folder, its API without a port. */
export interface TestServer {
  readonly api: FastifyInstance;
  readonly plane: ControlPlane;
  readonly token: string;
  readonly socketPath: string;
  /** Its temporary folder. */
  readonly folder: string;
  /** Calls a route as the administrator. */
  readonly call: Call;
  /** Makes a user, who is no administrator, with a token. */
  readonly as: (
    user: string,
  ) => Promise<{ readonly call: Call; readonly token: string; readonly id: string }>;
  /** Calls a route without a token. */
  readonly visitor: Call;
  /** Connects an engine and waits until it is welcome. */
  readonly connectEngine: () => Promise<TestEngine>;
  readonly close: () => Promise<void>;
}

/** Calls a route and checks that the answer is what the contract says; gives `error` for a refusal. */
export type Call = <N extends RouteName>(
  name: N,
  input?: RouteInput<RouteTable[N]>,
) => Promise<Called<RouteTable[N]>>;

export type Called<R extends Route> = { readonly status: number; readonly error?: ErrorBody } & Partial<
  RouteOutput<R>
>;

export async function startTestServer(
  options: {
    playgroundLimit?: number;
    servicesLimits?: Partial<ServicesLimits>;
    questionTimeoutMs?: number;
    lifetimes?: Partial<LifetimeRules>;
    limits?: Partial<ResourceLimits>;
    hostPolicy?: HostPolicy;
    /** Default: never. */
    drillEveryMs?: number;
    /** Has the database in files of the folder. In memory without: what a disk has to do with it is proven elsewhere. */
    onDisk?: boolean;
    /** The server’s clock; the real one when absent. */
    now?: () => Date;
  } = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'playhouse-server-'));
  const { onDisk = false } = options;
  const database = onDisk ? join(folder, 'playhouse.db') : ':memory:';
  const store = await openStore(createNodeSqliteDialect(database), newStoreKey());
  await saveShippedPlayspecs(store, new Date().toISOString());
  const logger = pino({ level: 'silent' });
  const now = options.now ?? ((): Date => new Date());
  const feed = new EventFeed(now);
  let identifiers = 0;
  const newIdentifier = (): string => (++identifiers).toString(16).padStart(24, '0');
  const { playgroundLimit = 100 } = options;
  const lifetimes = { standard: null, longest: null, onExpiry: 'destroy' as const, ...options.lifetimes };
  const limits = { ...noLimits, ...options.limits };
  const { drillEveryMs = 0 } = options;
  const { hostPolicy = {} } = options;
  const rules = {
    ...{ playgroundLimit, lifetimes, limits, hostPolicy, domain: 'localhost', drillEveryMs },
    servicesLimits: { ...usualServicesLimits, ...options.servicesLimits },
  };
  const base = { store, feed, now, newIdentifier, ...rules };
  const link = new LinkServer(base, logger, options.questionTimeoutMs ?? 10_000);
  const socketPath = join(folder, 'link.sock');
  await link.listen(socketPath);
  const plane: ControlPlane = { ...base, engine: link };
  const token = await addUserWithToken(store.database, { id: firstAdmin, name: firstAdmin, admin: true });
  const build = { version: '0.1.0', codeDigest: 'test' };
  const api = await buildApi({ plane, authenticate: createAuthenticate(store.database, now), build, logger });

  return {
    api,
    plane,
    token,
    socketPath,
    folder,
    call: caller(api, token),
    as: async (user) => {
      const id = randomBytes(12).toString('hex');
      const own = await addUserWithToken(store.database, { id, name: user, admin: false });
      return { id, token: own, call: caller(api, own) };
    },
    visitor: caller(api, null),
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

function caller(api: FastifyInstance, token: string | null): Call {
  return async (name, input) => {
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
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = response.json();
    if (response.statusCode === route.status) route.response.parse(answer);
    return { status: response.statusCode, ...(answer as object) } as never;
  };
}

async function addUserWithToken(database: Database, user: Omit<StoredUser, 'createdAt'>): Promise<string> {
  const token = createToken();
  const createdAt = new Date().toISOString();
  await addUser(database, { ...user, createdAt });
  await addToken(database, {
    user: user.name,
    name: 'test',
    hash: hashToken(token),
    createdAt,
    expiresAt: null,
  });
  return token;
}
