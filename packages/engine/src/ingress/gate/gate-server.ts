// Has the gate listen: on a socket that only root and the proxy open, or on a port of this host for a proxy that knows no sockets.
import { chmod, chown, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Gate, GateAnswer, GateRequest } from './gate.ts';

const longestBody = 16 * 1024;
const requestTimeoutMs = 10_000;
/** Names the playground whose service was asked for. The proxy sets it, whatever the client sent. */
export const playgroundHeader = 'x-playhouse-playground';

export class GateServer {
  readonly #gate: Gate;
  readonly #server: Server;
  readonly #socket: string;
  #open: Promise<void> | null = null;

  constructor(gate: Gate, socket: string) {
    this.#gate = gate;
    this.#socket = socket;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.requestTimeout = requestTimeoutMs;
  }

  /**
   * Listens on its socket, which root and a group can open; whatever an earlier engine left there goes. The folder has to be there.
   * Silent when it listens already.
   */
  async open(gid: number | null): Promise<void> {
    this.#open ??= this.#listen(gid).catch((error: unknown) => {
      this.#open = null;
      throw error;
    });
    await this.#open;
  }

  async #listen(gid: number | null): Promise<void> {
    await rm(this.#socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#socket, resolve);
    });
    if (gid !== null) await chown(this.#socket, 0, gid);
    await chmod(this.#socket, gid === null ? 0o600 : 0o660);
  }

  get socket(): string {
    return this.#socket;
  }

  /** Silent when it does not listen. */
  close(): void {
    this.#open = null;
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      // What was meant for a service is no business of the gate.
      const own = request.headers[playgroundHeader] === undefined || request.headers[playgroundHeader] === '';
      const body = own ? await bodyOf(request) : '';
      send(response, body === null ? tooLarge : this.#gate.answer(requestOf(request, body)));
    } catch {
      // Of a client that went away, or sent what is no address: nobody is let in.
      send(response, { status: 400, headers: {}, body: '' });
    }
  }
}

const tooLarge: GateAnswer = { status: 413, headers: {}, body: '' };

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): GateRequest {
  const one = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method,
    url,
    host: headers.host ?? '',
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, one(name)])),
    // The proxy adds the address that it saw at the end.
    client: one('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '',
    playground: one(playgroundHeader) || null,
    body,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, headers, body }: GateAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
