// A server for tests that speaks the contract's routes; what it answers is told by the test. Answers are checked against
// the route's schema, so that a test cannot live on a shape the real server would never send.
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PlayhouseError, toErrorBody, toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { requestFaults } from '@playhouse/contract/routes/request-faults';
import type { Route } from '@playhouse/contract/routes/route';
import { type RouteName, routeTable } from '@playhouse/contract/routes/route-table';
import { type WebSocket, WebSocketServer } from 'ws';

export interface FakeRequest {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly token: string | null;
}

export type FakeRoutes = Partial<Record<RouteName, (request: FakeRequest) => unknown>>;

export interface FakeApi {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves on loopback. `onSocket` gets every WebSocket with the path it was opened for; without it none is accepted. */
export async function startFakeApi(
  routes: FakeRoutes,
  onSocket?: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<FakeApi> {
  const server = createServer((request, response) => {
    void answer(routes, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  if (onSocket) {
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (client) => onSocket(client, request));
    });
  } else {
    server.on('upgrade', (_, socket) => {
      const body = JSON.stringify({ error: toErrorBody(new PlayhouseError('engine-down')) });
      socket.end(
        `HTTP/1.1 503 Down\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  routes: FakeRoutes,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const url = new URL(request.url ?? '/', 'http://fake');
  try {
    for (const [name, route] of Object.entries(routeTable) as [RouteName, Route][]) {
      const parameters = matchPath(route.path, url.pathname);
      const respond = routes[name];
      if (route.method !== request.method || parameters === null || respond === undefined) continue;
      const raw = await text(request);
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? null;
      const query = Object.fromEntries(url.searchParams);
      const body: unknown = raw === '' ? undefined : JSON.parse(raw);
      const [fault] = requestFaults(route, { parameters, query, body });
      if (fault) {
        const detail = `${fault.path.join('.')} ${fault.words}`;
        throw new PlayhouseError('request-invalid', { detail });
      }
      const result = await respond({ parameters, query, body, token });
      return { status: route.status, body: route.response.parse(result) };
    }
    throw new PlayhouseError('route-unknown', { method: request.method ?? '', path: url.pathname });
  } catch (thrown) {
    return { status: toPlayhouseError(thrown).status, body: { error: toErrorBody(thrown) } };
  }
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const names: string[] = [];
  const expression = pattern.replaceAll(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const match = new RegExp(`^${expression}$`).exec(path);
  return (
    match &&
    Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]))
  );
}
