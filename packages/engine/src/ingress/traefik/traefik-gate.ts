// What Traefik asks of the engine: who is let in, what the gate answers, and the pages that stand in place of services. Over TLS on a
// port of this host, for Traefik knows no sockets: nobody who takes the port while no engine runs has the key, and nobody who does
// not know the secret in the path is answered.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HostCertificate } from '../certificates/local-authority.ts';
import { type Gate, type GateAnswer, type GateRequest } from '../gate/gate.ts';
import { formOf, gateRequest, sendAnswer, senseless, tooLarge } from '../gate/gate-http.ts';
import { bypassName } from '../gate/return-path.ts';
import { withoutSessions } from '../gate/session.ts';
import type { Page } from '../ingress-driver.ts';
import { page, pageHeaders } from '../page.ts';
import { nobodyHere } from '../page-texts.ts';

/** The name that its certificate is for, and Traefik reaches it by. */
export const gateHost = 'localhost';
const requestTimeoutMs = 10_000;
const secretBytes = 24;
const nothing: GateAnswer = { status: 404, headers: {}, body: '' };

export class TraefikGate {
  readonly #gate: Gate;
  readonly #secret = randomBytes(secretBytes).toString('base64url');
  #pages: ReadonlyMap<string, Page> = new Map();
  #server: Server | null = null;
  #open: Promise<void> | null = null;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** What is shown in place of services, by the ids of routes. */
  show(pages: ReadonlyMap<string, Page>): void {
    this.#pages = pages;
  }

  /** Listens with a certificate for `gateHost`; silent when it listens already. */
  async open({ key, chain: cert }: Pick<HostCertificate, 'key' | 'chain'>): Promise<void> {
    this.#open ??= new Promise<void>((resolve, reject) => {
      const server = createServer({ key, cert }, (request, response) => void this.#serve(request, response));
      server.requestTimeout = requestTimeoutMs;
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
      this.#server = server;
    });
    await this.#open;
  }

  /** Silent when it does not listen. */
  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = null;
    this.#open = null;
  }

  get origin(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return `https://${gateHost}:${address?.port ?? 0}`;
  }

  /** The path of what is asked of it: `check/ID`, `strip`, `page/ID`, or `gate`, before the client’s own path. */
  path(what: string): string {
    return `/${this.#secret}/${what}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      sendAnswer(response, await this.#answer(request));
    } catch {
      sendAnswer(response, senseless);
    }
  }

  async #answer(request: IncomingMessage): Promise<GateAnswer> {
    const url = request.url ?? '/';
    const [, what, id, rest = ''] = /^\/[^/]+\/(check|page|strip|gate)(?:\/([\w.-]+))?(.*)$/.exec(url) ?? [];
    if (!url.startsWith(`/${this.#secret}/`)) return nothing;
    switch (what) {
      case 'check':
        return this.#check(gateRequest(request, { playground: id ?? null, body: '' }));
      case 'strip':
        return letIn(gateRequest(request, { playground: null, body: '' }), true);
      case 'page':
        return shown(this.#pages.get(id ?? '') ?? nobodyHere);
      case 'gate': {
        const body = await formOf(request);
        if (body === null) return tooLarge;
        const asked = gateRequest(request, { playground: null, body });
        return this.#gate.answer({ ...asked, url: `${id === undefined ? '' : `/${id}`}${rest}` || '/' });
      }
      default:
        return nothing;
    }
  }

  /** Traefik says in headers of its own what was asked. */
  #check(asked: GateRequest): GateAnswer {
    const { headers } = asked;
    const request = {
      ...asked,
      url: headers['x-forwarded-uri'] ?? '/',
      method: headers['x-forwarded-method'] ?? 'GET',
      host: headers['x-forwarded-host'] ?? '',
    };
    const verdict = this.#gate.check(request);
    if ('letIn' in verdict) return letIn(request, !verdict.ours);
    const { Location: location } = verdict.headers;
    // Traefik would take it for a path of the gate.
    if (location === undefined) return verdict;
    return { ...verdict, headers: { ...verdict.headers, Location: `https://${request.host}${location}` } };
  }
}

/** The headers that the service gets in place of those that were sent; what is not among them it does not get. */
function letIn({ headers }: GateRequest, keepAuthorization: boolean): GateAnswer {
  const cookie = withoutSessions(headers['cookie']);
  const { authorization } = headers;
  return {
    status: 200,
    headers: {
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...(keepAuthorization && authorization !== undefined ? { Authorization: authorization } : {}),
    },
    body: '',
  };
}

/** Headers that `letIn` decides on. */
export const decidedHeaders = ['Cookie', 'Authorization', bypassName] as const;

function shown({ status, ...texts }: Page): GateAnswer {
  return { status, headers: pageHeaders(status, texts.again), body: page(texts) };
}
