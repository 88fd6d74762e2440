// The engine’s end of the link: dials the server’s unix socket, again and again, and speaks the protocol of the contract.
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import {
  type EngineMessage,
  linkProtocol,
  serverMessageSchema,
  streamPath,
} from '@playhouse/contract/link/protocol';
import type { Command } from '@playhouse/contract/link/command';
import type { Answer, Question } from '@playhouse/contract/link/question';
import type { Inventory } from '@playhouse/contract/link/report';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { Outbox } from './outbox.ts';

/** What the engine does with what it hears. */
export interface LinkHandlers {
  /** MUST return only when the command is durable. */
  command(sequence: number, command: Command): Promise<void>;
  question(question: Question): Promise<Answer>;
  reported(subject: string, revision: number): Promise<void>;
  inventory(): Promise<Inventory>;
}

export interface LinkOptions {
  readonly socket: string;
  readonly installation: string;
  readonly version: string;
  readonly outbox: Outbox;
  readonly handlers: LinkHandlers;
  readonly log: Logger;
}

const firstPauseMs = 100;
const longestPauseMs = 2000;
/** Pings come every few seconds; silence this long means that the server is gone. */
const silenceLimitMs = 20_000;

export class ServerLink {
  readonly #options: LinkOptions;
  #socket: WebSocket | null = null;
  #closed = false;
  #pauseMs = firstPauseMs;
  /** Settles when all commands and acknowledgements that came so far are dealt with. */
  #accepting: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Dials until `close`. */
  open(): void {
    if (this.#closed) return;
    const socket = new WebSocket(`ws+unix:${this.#options.socket}:/link`, { maxPayload: 8 * 1024 * 1024 });
    this.#socket = socket;
    const silence = setTimeout(() => socket.terminate(), silenceLimitMs);
    const hear = () => silence.refresh();
    socket.on('ping', hear);
    socket.on('open', () => {
      this.#greet(socket).catch((error: unknown) => this.#giveUp(socket, error));
    });
    socket.on('message', (data: Buffer) => {
      hear();
      this.#receive(socket, data.toString('utf8'));
    });
    // The reason follows as `close`.
    socket.on('error', (error) => this.#options.log.debug({ err: error }, 'link'));
    socket.on('close', () => {
      clearTimeout(silence);
      this.#options.outbox.disconnect();
      setTimeout(() => this.open(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  /** Dials a stream that the server named. */
  dialStream(name: string): WebSocket {
    return new WebSocket(`ws+unix:${this.#options.socket}:${streamPath(name)}`, {
      maxPayload: 8 * 1024 * 1024,
      perMessageDeflate: false,
      handshakeTimeout: silenceLimitMs,
    });
  }

  /** Tells the server what the playroom has, when something of it changed. */
  async tellInventory(): Promise<void> {
    const inventory = await this.#options.handlers.inventory();
    if (this.#socket?.readyState === WebSocket.OPEN) send(this.#socket, { type: 'inventory', inventory });
  }

  async #greet(socket: WebSocket): Promise<void> {
    const { installation, version, handlers } = this.#options;
    const inventory = await handlers.inventory();
    send(socket, { type: 'hello', protocol: linkProtocol, installation, version, inventory });
  }

  #receive(socket: WebSocket, text: string): void {
    const parsed = serverMessageSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      this.#options.log.warn(
        { issues: parsed.error.issues },
        'the server said something this version does not know',
      );
      return;
    }
    const message = parsed.data;
    const { handlers, outbox, log } = this.#options;
    switch (message.type) {
      case 'welcome':
        this.#pauseMs = firstPauseMs;
        log.info('linked to the server');
        outbox.connect((said) => send(socket, said));
        break;
      case 'command':
        this.#inTurn(socket, async () => {
          await handlers.command(message.sequence, message.command);
          send(socket, { type: 'accepted', sequence: message.sequence });
        });
        break;
      case 'reported':
        // After the commands that came before: one that is repeated must not find its operation forgotten and begin anew.
        this.#inTurn(socket, async () => {
          outbox.acknowledged(message.subject, message.revision);
          await handlers.reported(message.subject, message.revision);
        });
        break;
      case 'question':
        // What was told before holds for the answer: somebody who is to be forgotten is.
        void this.#accepting.then(async () => await this.#answer(socket, message.id, message.question));
        break;
    }
  }

  /** One after the other, in the order in which they came. After a failure the rest waits for the next dial, too. */
  #inTurn(socket: WebSocket, work: () => Promise<void>): void {
    this.#accepting = this.#accepting.then(async () => {
      if (socket.readyState !== WebSocket.OPEN) return;
      await work().catch((error: unknown) => this.#giveUp(socket, error));
    });
  }

  /** What was not acknowledged comes again after the next dial. */
  #giveUp(socket: WebSocket, error: unknown): void {
    this.#options.log.error(
      { err: error },
      'something the server said could not be dealt with; dialling anew',
    );
    socket.terminate();
  }

  async #answer(socket: WebSocket, id: number, question: Question): Promise<void> {
    try {
      send(socket, { type: 'answer', id, answer: await this.#options.handlers.question(question) });
    } catch (error) {
      const { code, message, hint } = toErrorBody(error);
      send(socket, { type: 'refusal', id, error: { code, message, hint } });
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(socket: WebSocket, message: EngineMessage): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
