// The QEMU machine protocol: one JSON object per line over a unix socket, answers matched by id.
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

interface QmpAnswer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly event?: string;
  readonly data?: QmpEvent;
}

/** What comes with an event, as far as we read it. */
export interface QmpEvent {
  readonly reason?: string;
  readonly action?: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to one machine’s monitor. After it closed, every command fails: the machine’s state is unknown. */
export class QmpConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (event: QmpEvent) => void>();
  #nextId = 1;
  /** True while the machine stands still because somebody wants it to. */
  held = false;
  /** True once the guest asked to be restarted, at which the process ends. */
  resetAsked = false;
  /** Settles when the connection ends; for a machine’s monitor that means its process ended or let go. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    void this.closed.then(() => this.#failAll(new Error('the machine’s monitor closed')));
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => this.#receive(line));
    // A reset shows as `close` above; readline re-emits it.
    lines.on('error', () => {});
  }

  /** Connects and leaves the negotiation mode. Rejects when nothing listens at `path`. */
  static async open(path: string): Promise<QmpConnection> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    const connection = new QmpConnection(socket);
    try {
      await connection.execute('qmp_capabilities');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Runs one command and gives what it returned. Rejects on QEMU’s error, on time-out and when the monitor closes. */
  async execute(
    command: string,
    parameters: Record<string, unknown> = {},
    timeoutMs = 10_000,
  ): Promise<unknown> {
    const id = this.#nextId++;
    const timer = AbortSignal.timeout(timeoutMs);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      timer.addEventListener('abort', () =>
        reject(new Error(`no answer to ${command} within ${timeoutMs} ms`)),
      );
    });
    if (this.#socket.destroyed) this.#failAll(new Error('the machine’s monitor is closed'));
    else this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`);
    return await answer.finally(() => this.#waiting.delete(id));
  }

  /** Has `listener` hear of all events of a kind from now on. */
  on(event: string, listener: (event: QmpEvent) => void): void {
    this.#listeners.set(event, listener);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(line: string): void {
    const message = parseAnswer(line);
    if (message?.event === 'SHUTDOWN') this.resetAsked = message.data?.reason === 'guest-reset';
    if (message?.event !== undefined) this.#listeners.get(message.event)?.(message.data ?? {});
    const waiting = message?.id === undefined ? undefined : this.#waiting.get(message.id);
    if (!message || !waiting) return;
    if (message.error) waiting.reject(new Error(`${message.error.class}: ${message.error.desc}`));
    else waiting.resolve(message.return);
  }

  #failAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
  }
}

function parseAnswer(line: string): QmpAnswer | null {
  try {
    return JSON.parse(line) as QmpAnswer;
  } catch {
    return null;
  }
}
