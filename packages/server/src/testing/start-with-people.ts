import { startTestServer, type TestServer, type Call } from './test-server.ts';
import type { TestEngine } from './test-engine.ts';

export interface ServerWithPeople {
  readonly server: TestServer;
  readonly engine: TestEngine;
  readonly ann: Call;
  readonly bob: Call;
}

/** A control plane with an engine, and with two users of whom neither is an administrator. */
export async function startWithPeople(
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<ServerWithPeople> {
  const server = await startTestServer(options);
  const engine = await server.connectEngine();
  const [ann, bob] = [await server.as('ann'), await server.as('bob')];
  return { server, engine, ann: ann.call, bob: bob.call };
}
