// Has the gate listen on a socket that only root and the proxy open.
import { chmod, chown, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Gate } from './gate.ts';
import { formOf, gateRequest, sendAnswer, senseless, tooLarge } from './gate-http.ts';

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

  get socket(): string {
    return this.#socket;
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

  /** Silent when it does not listen. */
  close(): void {
    this.#open = null;
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const named = request.headers[playgroundHeader];
      const playground = typeof named === 'string' && named !== '' ? named : null;
      // What was meant for a service is no business of the gate.
      const body = playground === null ? await formOf(request) : '';
      const answer = body === null ? tooLarge : this.#gate.answer(gateRequest(request, { playground, body }));
      sendAnswer(response, answer);
    } catch {
      sendAnswer(response, senseless);
    }
  }
}
