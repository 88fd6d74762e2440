// The server's end of the link: the engine dials the unix socket, hears commands until it has accepted them, and tells
// what it finds. Nothing is acknowledged before it is stored.
import { createServer, type Server } from 'node:http';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { commonProtocol, type EngineMessage, linkProtocol } from '@playhouse/contract/link/protocol';
import type { AnswerTo, Question } from '@playhouse/contract/link/question';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { appendOperationLog } from '../operations/append-operation-log.ts';
import { applyOperationReport, applyPlaygroundReport } from '../operations/apply-report.ts';
import { markCommandAccepted, waitingCommands } from '../store/commands.ts';
import { saveInventory } from '../store/inventory.ts';
import { EngineConnection } from './engine-connection.ts';
import type { EngineGate, StreamQuestion } from './engine-gate.ts';
import { listenOnSocket } from './listen-on-socket.ts';
import { QuestionDesk } from './question-desk.ts';
import { StreamDesk } from './stream-desk.ts';

const messageLimitBytes = 16 * 2 ** 20;

/** How long a peer may take to say hello. */
const helloMs = 10_000;

interface Engine {
  readonly connection: EngineConnection;
  readonly version: string;
  /** Sequence of the last command sent over this connection. */
  sent: number;
}

export class LinkServer implements EngineGate {
  readonly #plane: Omit<ControlPlane, 'engine'>;
  readonly #logger: Logger;
  readonly #questions: QuestionDesk;
  readonly #streams: StreamDesk;
  readonly #http: Server = createServer((_request, response) => response.writeHead(426).end());
  readonly #sockets: WebSocketServer;
  #engine: Engine | null = null;

  constructor(plane: Omit<ControlPlane, 'engine'>, logger: Logger, questionTimeoutMs = 10_000) {
    this.#plane = plane;
    this.#logger = logger;
    this.#questions = new QuestionDesk(questionTimeoutMs);
    this.#streams = new StreamDesk(questionTimeoutMs);
    this.#sockets = new WebSocketServer({ server: this.#http, maxPayload: messageLimitBytes });
    this.#sockets.on('connection', (socket, { url = '' }) => {
      if (!this.#streams.take(url, socket)) this.#accept(socket);
    });
    this.#sockets.on('error', () => undefined);
  }

  /** @throws PlayhouseError socket-in-use */
  listen(path: string): Promise<void> {
    return listenOnSocket(this.#http, path);
  }

  async close(): Promise<void> {
    const work = this.#engine?.connection.settled();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    await work;
  }

  get connected(): boolean {
    return this.#engine !== null;
  }

  nudge(): void {
    const engine = this.#engine;
    engine?.connection.enqueue(() => this.#sendCommands(engine));
  }

  async ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>> {
    const engine = this.#engine;
    if (engine === null) throw new PlayhouseError('engine-down');
    // After the commands that were committed before: it is asked of an engine that has them.
    return this.#questions.ask(question, (id, asked) =>
      engine.connection.enqueue(async () =>
        engine.connection.send({ type: 'question', id, question: asked }),
      ),
    );
  }

  async openStream(question: Omit<StreamQuestion, 'stream'>): Promise<WebSocket> {
    const { name, arrived } = this.#streams.expect(question.kind);
    try {
      await this.ask({ ...question, stream: name });
    } catch (error) {
      this.#streams.drop(name);
      void arrived.then(
        (socket) => socket.terminate(),
        () => {},
      );
      throw error;
    }
    return await arrived;
  }

  #accept(socket: WebSocket): void {
    const patience = setTimeout(() => connection.close('no hello'), helloMs);
    const connection: EngineConnection = new EngineConnection(socket, {
      logger: this.#logger,
      handle: async (message) => {
        if (message.type !== 'hello') return this.#handle(connection, message);
        clearTimeout(patience);
        return this.#welcome(connection, message);
      },
      closed: () => {
        clearTimeout(patience);
        this.#lost(connection);
      },
    });
  }

  async #welcome(
    connection: EngineConnection,
    hello: Extract<EngineMessage, { type: 'hello' }>,
  ): Promise<void> {
    const protocol = commonProtocol(hello.protocol);
    if (protocol === null) {
      const { min, max } = linkProtocol;
      this.#logger.error({ engine: hello.protocol, server: linkProtocol }, 'no common link protocol');
      connection.close(
        `no common protocol: this server speaks ${min} to ${max}; update the older of the two`,
      );
      return;
    }
    await this.#saveInventory(hello.version, hello.inventory);
    if (!connection.open) return;
    const former = this.#engine;
    const engine: Engine = { connection, version: hello.version, sent: 0 };
    this.#engine = engine;
    if (former !== null && former.connection !== connection) {
      this.#abandon();
      former.connection.close('replaced by a newer connection');
    }
    this.#logger.info({ version: hello.version, installation: hello.installation }, 'engine connected');
    connection.send({ type: 'welcome', protocol });
    this.#plane.feed.publish({ kind: 'engine', connected: true });
    await this.#sendCommands(engine);
  }

  async #handle(
    connection: EngineConnection,
    message: Exclude<EngineMessage, { type: 'hello' }>,
  ): Promise<void> {
    const engine = this.#engine;
    if (engine?.connection !== connection) {
      connection.close('say hello first');
      return;
    }
    // The use cases behind reports ask nothing of the engine, but they share its type.
    const plane: ControlPlane = { ...this.#plane, engine: this };
    switch (message.type) {
      case 'accepted':
        await markCommandAccepted(plane.store.database, message.sequence, plane.now().toISOString());
        crashPoint('command-accepted');
        break;
      case 'inventory':
        await this.#saveInventory(engine.version, message.inventory);
        break;
      case 'operation':
        await applyOperationReport(plane, message.report);
        crashPoint('operation-report-stored');
        connection.send({
          type: 'reported',
          subject: message.report.operationId,
          revision: message.report.revision,
        });
        break;
      case 'playground':
        await applyPlaygroundReport(plane, message.report);
        crashPoint('playground-report-stored');
        connection.send({
          type: 'reported',
          subject: message.report.playgroundId,
          revision: message.report.revision,
        });
        break;
      case 'log':
        await appendOperationLog(plane, message.operationId, message.lines);
        break;
      case 'answer':
        this.#questions.answer(message.id, message.answer);
        break;
      case 'refusal':
        this.#questions.refuse(message.id, message.error);
        break;
    }
  }

  async #sendCommands(engine: Engine): Promise<void> {
    for (const { sequence, command } of await waitingCommands(this.#plane.store.database, engine.sent)) {
      engine.connection.send({ type: 'command', sequence, command });
      engine.sent = sequence;
      crashPoint('command-sent');
    }
  }

  async #saveInventory(
    version: string,
    inventory: Extract<EngineMessage, { type: 'hello' }>['inventory'],
  ): Promise<void> {
    const { store, now } = this.#plane;
    await saveInventory(store.database, { version, inventory }, now().toISOString());
  }

  #abandon(): void {
    this.#questions.abandon();
    this.#streams.abandon();
  }

  #lost(connection: EngineConnection): void {
    if (this.#engine?.connection !== connection) return;
    this.#engine = null;
    this.#abandon();
    this.#logger.warn('engine disconnected');
    this.#plane.feed.publish({ kind: 'engine', connected: false });
  }
}
