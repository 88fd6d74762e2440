import type { Command } from '@playhouse/contract/link/command';
import {
  type EngineMessage,
  linkProtocol,
  type ServerMessage,
  serverMessageSchema,
} from '@playhouse/contract/link/protocol';
import type { Answer, Question } from '@playhouse/contract/link/question';
import type { OperationReport, PlaygroundReport } from '@playhouse/contract/link/report';
import { WebSocket } from 'ws';
import { inventory } from './fixtures.ts';

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** An engine that speaks the real protocol over the real socket and does nothing by itself. */
export class TestEngine {
  readonly socket: WebSocket;
  /** What it answers to questions by itself; those with null wait to be taken. */
  answers: ((question: Question) => Answer | null) | null = null;
  readonly #received: ServerMessage[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(socketPath: string) {
    this.socket = new WebSocket(`ws+unix:${socketPath}:/`);
    this.socket.on('message', (data: Buffer) => {
      const message = serverMessageSchema.parse(JSON.parse(data.toString()));
      const answer = message.type === 'question' ? (this.answers?.(message.question) ?? null) : null;
      if (message.type === 'question' && answer !== null)
        this.send({ type: 'answer', id: message.id, answer });
      else this.#received.push(message);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async connect(
    socketPath: string,
    hello: Partial<Extract<EngineMessage, { type: 'hello' }>> = {},
  ): Promise<TestEngine> {
    const engine = new TestEngine(socketPath);
    await new Promise((resolve, reject) => engine.socket.once('open', resolve).once('error', reject));
    const defaults = { protocol: linkProtocol, installation: 'test', version: '0.1.0', inventory };
    engine.send({ type: 'hello', ...defaults, ...hello });
    return engine;
  }

  send(message: EngineMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message of a type that was not taken before. Rejects when the link ends without one. */
  async next<T extends ServerMessage['type']>(type: T): Promise<MessageOf<T>> {
    for (;;) {
      const index = this.#received.findIndex((message) => message.type === type);
      const [message] = index < 0 ? [] : this.#received.splice(index, 1);
      if (message !== undefined) return message as MessageOf<T>;
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`the link ended before a ${type} message`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The next command of a kind; those of others before it are let go. */
  async nextOf<K extends Command['kind']>(kind: K): Promise<Extract<Command, { kind: K }>> {
    for (;;) {
      const { command } = await this.next('command');
      if (command.kind === kind) return command as Extract<Command, { kind: K }>;
    }
  }

  /** Messages that came and were not taken. */
  get rest(): readonly ServerMessage[] {
    return this.#received;
  }

  /** Reports and waits for the acknowledgement. */
  async report(
    report: Partial<OperationReport> & Pick<OperationReport, 'operationId' | 'revision' | 'status'>,
  ): Promise<void> {
    this.send({ type: 'operation', report: { steps: [], error: null, ...report } });
    await this.next('reported');
  }

  /** Reports and waits for the acknowledgement. */
  async reportPlayground(
    report: Partial<PlaygroundReport> & Pick<PlaygroundReport, 'playgroundId' | 'revision' | 'state'>,
  ): Promise<void> {
    this.send({
      type: 'playground',
      report: {
        machines: [],
        tasks: [],
        services: [],
        snapshotId: null,
        suspended: false,
        error: null,
        ...report,
      },
    });
    await this.next('reported');
  }

  closed(): Promise<{ code: number; reason: string }> {
    return new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  async disconnect(): Promise<void> {
    const closed = this.closed();
    this.socket.close();
    await closed;
  }
}
