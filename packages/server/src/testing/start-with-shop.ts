// What tests of playgrounds of services begin with: a server with an engine, and a user with a playspec `shop` of a Compose file.
import type { RouteInput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import type { TestEngine } from './test-engine.ts';
import { type Call, startTestServer, type TestServer } from './test-server.ts';

type StartBody = Partial<NonNullable<RouteInput<RouteTable['playground.start']>['body']>>;

/** `web` is exposed; a start needs a value for `GREETING`. */
export const shop = `
x-playgrounds:
  variables: { GREETING: { name: Greeting, required: true } }
services:
  web: { image: nginx, environment: { SAY: $$var__GREETING }, labels: { playgrounds.port: 80 } }
  db: { image: postgres }
`;
export const variables = { GREETING: 'hello' };

export interface ServerWithShop {
  readonly server: TestServer;
  readonly engine: TestEngine;
  readonly ann: Call;
  /** Starts `shop`. */
  readonly start: (more?: StartBody) => ReturnType<typeof startShop>;
  /** Starts it, and it comes up. */
  readonly running: (more?: StartBody) => Promise<{ readonly playground: string }>;
  /** Starts it and stops it, and the engine has heard of the start: it has no words to be waited for to fork and save it. */
  readonly stopped: (more?: StartBody) => Promise<{ readonly playground: string }>;
}

/** `manifest` is that of the playspec. */
export async function startWithShop(
  manifest = shop,
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<ServerWithShop> {
  const server = await startTestServer(options);
  const engine = await server.connectEngine();
  const { call: ann } = await server.as('ann');
  await ann('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  const start: ServerWithShop['start'] = async (more = {}) =>
    await startShop(ann, manifest === shop ? { variables, ...more } : more);
  const running: ServerWithShop['running'] = async (more) => {
    const { playground, operation } = await start(more);
    await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
    return { playground: playground?.id ?? '' };
  };
  const stopped: ServerWithShop['stopped'] = async (more) => {
    const parameters = await running(more);
    const { operation } = await ann('playground.stop', { parameters });
    await engine.report({ operationId: operation?.id ?? '', revision: 2, status: 'succeeded' });
    await engine.nextOf('services.start');
    return parameters;
  };
  return { server, engine, ann, start, running, stopped };
}

async function startShop(ann: Call, more: StartBody) {
  return await ann('playground.start', { body: { playspec: 'shop', ...more } });
}
