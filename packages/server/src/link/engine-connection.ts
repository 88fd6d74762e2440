import {
  type EngineMessage,
  engineMessageSchema,
  type ServerMessage,
} from '@playhouse/contract/link/protocol';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

/** How often the peer is pinged; two pings without a pong and it is taken for dead. */
const pingMs = 5000;

/** Messages that may wait for their turn before the socket is not read any more. */
const backlogLimit = 256;

export interface EngineConnectionOptions {
  readonly logger: Logger;
  /** Messages are handled one after another, in the order they came. */
  readonly handle: (message: EngineMessage) => Promise<void>;
  readonly closed: () => void;
}

/** One WebSocket from an engine: parsed messages in their order, liveness, back-pressure. */
export class EngineConnection {
  readonly #socket: WebSocket;
  readonly #options: EngineConnectionOptions;
  readonly #pinger: NodeJS.Timeout;
  #unanswered = 0;
  #backlog = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, options: EngineConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.on('pong', () => (this.#unanswered = 0));
    socket.on('error', (error) => options.logger.warn({ err: error }, 'link error'));
    socket.on('close', () => {
      clearInterval(this.#pinger);
      options.closed();
    });
    this.#pinger = setInterval(() => this.#ping(), pingMs);
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: ServerMessage): void {
    if (this.open) this.#socket.send(JSON.stringify(message));
  }

  /** Runs work between messages, after those that are already here. A failure ends the connection: the engine repeats. */
  enqueue(work: () => Promise<void>): void {
    this.#backlog += 1;
    if (this.#backlog > backlogLimit) this.#socket.pause();
    this.#work = this.#work
      .then(() => (this.open ? work() : undefined))
      .catch((error: unknown) => {
        this.#options.logger.error(
          { err: error },
          'a message of the engine could not be handled; closing the link',
        );
        this.close('internal error; see the log of the server');
      })
      .finally(() => {
        this.#backlog -= 1;
        if (this.#backlog <= backlogLimit / 2 && this.#socket.isPaused) this.#socket.resume();
      });
  }

  /** Closes with a reason for the engine's log. */
  close(reason: string): void {
    this.#socket.close(4000, reason.slice(0, 120));
    // A peer that does not answer the closing handshake must not keep the server.
    setTimeout(() => this.#socket.terminate(), 1000).unref();
  }

  /** Resolves when the work at hand is done. */
  settled(): Promise<void> {
    return this.#work;
  }

  #receive(text: string): void {
    const message = parseMessage(text);
    if (message instanceof Error) {
      // Answering would not help: what this version cannot read it cannot read tomorrow either.
      this.#options.logger.error(
        { err: message },
        'the engine sent a message that is not understood; ignoring it',
      );
      return;
    }
    this.enqueue(() => this.#options.handle(message));
  }

  #ping(): void {
    if (this.#unanswered >= 2) {
      this.#options.logger.warn('the engine does not answer pings; ending the link');
      this.#socket.terminate();
      return;
    }
    this.#unanswered += 1;
    if (this.open) this.#socket.ping();
  }
}

function parseMessage(text: string): EngineMessage | Error {
  try {
    const result = engineMessageSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : result.error;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
