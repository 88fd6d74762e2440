import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type Frame, type FrameDecoder, FrameType, HEADER_SIZE, MAX_PAYLOAD, encodeFrame } from './frames.ts';
import { ReadyFinder } from './ready-finder.ts';

export interface ConnectOptions {
  /** How long to wait for the agent's READY, in all. */
  readonly timeoutMs: number;
  /** The machine's name and its playground's id, for error messages. */
  readonly machine: string;
  readonly playground: string;
  readonly signal?: AbortSignal;
}

/** What the agent says of itself when it is ready. */
export interface AgentIdentity {
  readonly version: string;
  /** Differs for every boot of the kernel; the same in every resume of one memory image. */
  readonly bootId: string;
}

/** One side of a channel: gets its frames, and the reason when there will be no more. */
export interface ChannelListener {
  readonly onFrame: (frame: Frame) => void;
  readonly onLost: (reason: Error) => void;
}

/** Where the agent is, for error messages. */
type MachinePlace = Pick<ConnectOptions, 'machine' | 'playground'>;

const NONCE_SIZE = 16;
const FIRST_RETRY_MS = 500;

/** A session with one guest agent over the unix socket of its virtio-serial port. Carries frames; knows no operation. */
export class AgentConnection {
  readonly identity: AgentIdentity;
  readonly #place: MachinePlace;
  readonly #socket: Socket;
  readonly #listeners = new Map<number, ChannelListener>();
  readonly #end = Promise.withResolvers<Error>();
  #lastChannel = 0;
  #lost: Error | undefined;

  private constructor(socket: Socket, decoder: FrameDecoder, identity: AgentIdentity, place: MachinePlace) {
    this.#socket = socket;
    this.identity = identity;
    this.#place = place;
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of decoder.push(chunk)) this.#listeners.get(frame.channel)?.onFrame(frame);
      } catch (error) {
        // The machine decides what comes here: it may cost its own session, never the engine.
        this.#lose(new Error('what the machine sent could not be handled', { cause: error }));
        socket.destroy();
      }
    });
    socket.on('close', () => this.#lose(new Error('the connection was closed')));
  }

  /**
   * Connects and greets until the agent answers with our nonce, so that whatever an earlier host left half-said, in
   * either direction, is behind us. The greeting ends whatever an earlier host had running.
   * @throws PlayhouseError guest-agent-silent, cancelled.
   */
  static async open(socketPath: string, options: ConnectOptions): Promise<AgentConnection> {
    const deadline = AbortSignal.timeout(options.timeoutMs);
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    let socket: Socket | undefined;
    try {
      socket = await dial(socketPath, signal);
      const { frame, decoder } = await greet(socket, signal);
      const [version = '', bootId = ''] = frame.payload.subarray(NONCE_SIZE).toString().split('\0');
      return new AgentConnection(socket, decoder, { version, bootId }, options);
    } catch (error) {
      socket?.destroy();
      if (options.signal?.aborted) throw new PlayhouseError('cancelled', {}, { cause: error });
      throw silence(options, options.timeoutMs, error);
    }
  }

  /** Settles with the reason when the connection is over, for whatever reason. Never rejects. */
  get lost(): Promise<Error> {
    return this.#end.promise;
  }

  /** The error for an answer that did not come in time, or will never come. */
  silence(limitMs: number, cause: unknown): PlayhouseError {
    return silence(this.#place, limitMs, cause);
  }

  /** Reserves a fresh channel. */
  listen(listener: ChannelListener): number {
    if (this.#lost) listener.onLost(this.#lost);
    this.#lastChannel = (this.#lastChannel + 1) >>> 0 || 1;
    this.#listeners.set(this.#lastChannel, listener);
    return this.#lastChannel;
  }

  release(channel: number): void {
    this.#listeners.delete(channel);
  }

  /** Resolves when the socket wants more; never rejects (a lost connection reaches the listeners). */
  async send(channel: number, type: number, payload?: Uint8Array): Promise<void> {
    if (this.#lost || this.#socket.write(encodeFrame(channel, type, payload))) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  /** Ends the session: the agent kills what it runs for us, and thaws. */
  close(): void {
    this.#lose(new Error('closed by the host'));
    this.#socket.destroy();
  }

  #lose(reason: Error): void {
    if (this.#lost) return;
    this.#lost = reason;
    this.#end.resolve(reason);
    for (const listener of this.#listeners.values()) listener.onLost(reason);
    this.#listeners.clear();
  }
}

function silence({ machine, playground }: MachinePlace, limitMs: number, cause: unknown): PlayhouseError {
  const seconds = limitMs / 1000;
  return new PlayhouseError('guest-agent-silent', { machine, playground, seconds }, { cause });
}

/** The socket appears when QEMU starts: a path that is not there yet is worth another look. */
async function dial(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect', { signal });
      return socket.on('error', () => undefined); // 'close' follows and says enough
    } catch (error) {
      socket.destroy();
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
      await sleep(50, undefined, { signal });
    }
  }
}

async function greet(socket: Socket, signal: AbortSignal): Promise<{ frame: Frame; decoder: FrameDecoder }> {
  const nonce = randomBytes(NONCE_SIZE);
  const hello = encodeFrame(0, FrameType.hello, nonce);
  socket.write(hello);
  // Zeros complete any frame that an earlier host left half-sent: the agent then sees the next HELLO for sure.
  const resync = Buffer.concat([Buffer.alloc(MAX_PAYLOAD + HEADER_SIZE), hello]);
  let wait = FIRST_RETRY_MS;
  let timer: NodeJS.Timeout;
  const again = (): void => {
    socket.write(resync);
    wait *= 2;
    timer = setTimeout(again, wait);
  };
  timer = setTimeout(again, wait);
  try {
    return await answerTo(nonce, socket, signal);
  } finally {
    clearTimeout(timer);
  }
}

function answerTo(nonce: Buffer, socket: Socket, signal: AbortSignal) {
  return new Promise<{ frame: Frame; decoder: FrameDecoder }>((resolve, reject) => {
    const finder = new ReadyFinder(nonce);
    const settle = (finish: () => void): void => {
      socket.off('data', onData).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const onClose = (): void => settle(() => reject(new Error('the connection was closed')));
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const onData = (chunk: Buffer): void => {
      const answer = finder.push(chunk);
      if (answer) settle(() => resolve(answer));
    };
    socket.on('data', onData).on('close', onClose);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
