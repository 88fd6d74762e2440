// What the suites of ingress drivers stand on: a proxy, services behind it, and a client.
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { everyPath } from '@playhouse/contract/compose/labels/path-rule';
import { hashSync } from 'bcryptjs';
import { afterAll } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ProcessIdentity } from '../../system/process-identity.ts';
import type { Access, Gate } from '../gate/gate.ts';
import { dayOf, validSessions } from '../gate/session.ts';
import type { IngressDriver, Login, Route } from '../ingress-driver.ts';

export interface IngressFixture {
  readonly driver: IngressDriver;
  /** Another driver on the same proxy, as a restarted engine would make it. */
  readonly anotherDriver: () => IngressDriver;
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Nobody is at the gate any more, as after the death of an engine; with the next routes somebody is. */
  readonly leaveGate: () => void;
  /** What of the proxy runs. */
  readonly processes: () => readonly ProcessIdentity[];
  /** Removes what the fixture has on disk, after the proxy has ended. */
  readonly remove: () => Promise<void>;
}

/** Starts a proxy whose gate is this one. */
export type OpenFixture = (gate: Gate) => Promise<IngressFixture>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The address of loopback from which it is asked. */
  readonly client?: string;
}

export class IngressGround {
  readonly #servers: Server[] = [];

  /** A service that answers, by its address. */
  async serve(answer: RequestListener | string): Promise<string> {
    const listener: RequestListener =
      typeof answer === 'string' ? (_request, response) => void response.end(answer) : answer;
    return await this.listen(createServer(listener));
  }

  async listen(server: Server): Promise<string> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A service that repeats what headers it got. */
  async serveEcho(): Promise<string> {
    return await this.serve((request, response) => void response.end(JSON.stringify(request.headers)));
  }

  /** A service with WebSockets that repeats what it heard. */
  async serveSockets(): Promise<string> {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (socket) =>
      socket.on('message', (data: Buffer) => socket.send(`heard ${data.toString()}`)),
    );
    return await this.listen(server);
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

export async function ask(port: number, host: string, options: Ask = {}): Promise<Answer> {
  const { path = '/', method = 'GET', headers = {}, body, client: localAddress = '127.0.0.1' } = options;
  const place = { host: '127.0.0.1', port, localAddress };
  const tls = { ...place, servername: host, rejectUnauthorized: false, agent: false };
  return await new Promise((resolve, reject) => {
    const asked = request({ ...tls, method, path, headers: { host, ...headers } }, (response) => {
      let said = '';
      response.on('data', (chunk: Buffer) => (said += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export function sampleRoute(id: string, address: string, more: Partial<Route> = {}): Route {
  return {
    id,
    host: `${id}.localhost`,
    path: everyPath,
    target: { kind: 'upstreams', addresses: [address] },
    login: null,
    ...more,
  };
}

/** What lets somebody in to a playground of a test. */
export function sampleAccess(more: Partial<Access> = {}): Access {
  return { user: 'playground', password: 'let me in', sessionKey: 'key 1', bypass: 'token 1', ...more };
}

export function sampleLogin(playground: string, { user, password, sessionKey, bypass }: Access): Login {
  const today = dayOf(Date.now());
  const sessions = [sessionKey, bypass].flatMap((key) => validSessions(key, playground, today));
  return { playground, user, password, passwordHash: hashSync(password, 4), sessions, bypass };
}

/** What a suite stands on: a proxy that is opened before its first test and gone after its last, and services behind it. */
export function suiteGround(open: OpenFixture, gate: Gate) {
  const ground = new IngressGround();
  let opened: Promise<IngressFixture> | undefined;
  afterAll(async () => {
    ground.close();
    if (!opened) return;
    const { driver, remove } = await opened;
    await driver.stop();
    await remove();
  });
  const fixture = async (): Promise<IngressFixture> => await (opened ??= open(gate));
  /** Has routes served, with certificates. */
  const apply = async (...routes: readonly Route[]) => {
    const { driver } = await fixture();
    await driver.apply(routes);
    await driver.certify(routes.map(({ host }) => host));
  };
  return { ground, fixture, apply };
}
