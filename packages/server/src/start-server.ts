// Puts the server together: store, catalog, token, link, API. It stops in the other order.
import { randomBytes } from 'node:crypto';
import { parseHostPolicy } from '@playhouse/contract/compose/policy/host-policy';
import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildApi } from './api/build-api.ts';
import type { Build } from './api/system-handlers.ts';
import { ensureAdminToken } from './auth/admin-token.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { saveShippedPlayspecs } from './catalog/shipped-playspecs.ts';
import { LinkServer } from './link/link-server.ts';
import { claimSocket } from './link/listen-on-socket.ts';
import { lifetimeRules } from './operations/lifetime-rules.ts';
import { usualServicesLimits } from './placement/check-services-room.ts';
import { Playguard } from './playguard/playguard.ts';
import { EventFeed } from './operations/event-feed.ts';
import { serverPaths } from './server-paths.ts';
import { createNodeSqliteDialect } from './store/node-sqlite-dialect.ts';
import { storeKeyFile } from './store/store-key.ts';
import { openStore } from './store/store.ts';

const hourMs = 3_600_000;

export interface RunningServer {
  /** Ends connections, finishes what is being written, closes the database. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the server; it serves when this resolves.
 * @throws PlayhouseError socket-in-use, port-in-use
 */
export async function startServer(
  configuration: Configuration,
  build: Build,
  logger: Logger,
): Promise<RunningServer> {
  const paths = serverPaths(configuration);
  const now = (): Date => new Date();
  // A second server on this state directory must not touch the database.
  await claimSocket(paths.linkSocket);
  const store = await openStore(createNodeSqliteDialect(paths.database), storeKeyFile(paths.storeKey));
  const stops: (() => Promise<unknown>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    for (const name of await saveShippedPlayspecs(store, now().toISOString())) {
      logger.warn({ name }, 'a playspec that comes with Playhouse is left out: a user has one of that name');
    }
    await ensureAdminToken(store, paths.adminToken, now);
    const feed = new EventFeed(now);
    const { playgroundLimit } = configuration.server;
    const newIdentifier = (): string => randomBytes(12).toString('hex');
    const { limits } = configuration;
    const hostPolicy = parseHostPolicy(configuration.compose.hostPolicy) ?? {};
    const lifetimes = lifetimeRules(configuration);
    const drillEveryMs =
      configuration.vault.kind === 'none' ? 0 : configuration.vault.drillEveryHours * hourMs;
    const { domain } = configuration.ingress;
    const rules = {
      ...{ playgroundLimit, lifetimes, limits, hostPolicy, domain, drillEveryMs },
      servicesLimits: usualServicesLimits,
    };
    const base = { store, feed, now, newIdentifier, ...rules };
    const link = new LinkServer(base, logger);
    stops.push(() => link.close());
    const authenticate = createAuthenticate(store.database, now);
    const plane = { ...base, engine: link };
    const api = await buildApi({ plane, authenticate, build, logger });
    stops.push(() => api.close());
    await listen(api, configuration);
    await link.listen(paths.linkSocket);
    const playguard = new Playguard(plane, logger);
    playguard.start();
    stops.push(() => playguard.stop());
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(api: FastifyInstance, { server: { host, port } }: Configuration): Promise<void> {
  try {
    await api.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new PlayhouseError('port-in-use', { address: `${host}:${port}` }, { cause });
  }
}
