// One connection per machine for everybody in the engine: a guest agent serves one host at a time, over channels of its
// own for each request. Must never hang up on work that is somebody else's.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ConnectOptions } from './agent-connection.ts';
import type { GuestAgent } from './guest-agent.ts';

/** Where a machine’s agent is, and what errors call it. */
export interface AgentPlace {
  readonly socket: string;
  readonly machine: string;
  readonly playground: string;
}

export interface UseOptions {
  /** How long to wait for the agent to be ready, when there is no connection yet. */
  readonly timeoutMs: number;
  /** After this everything is given up: waiting and work together. Default: never. */
  readonly totalMs?: number;
  readonly signal?: AbortSignal;
}

/** The signal aborts when the work is given up: commands under way should be killed then. */
export type AgentWork<T> = (agent: GuestAgent, signal: AbortSignal) => Promise<T>;

interface Line {
  readonly agent: Promise<GuestAgent>;
  readonly end: AbortController;
  connected: boolean;
  users: number;
  /** Somebody had no answer in time: once nobody uses it, it is hung up and the next one greets anew. */
  silent: boolean;
}

/** The longest that a timer can wait. */
const foreverMs = 2 ** 31 - 1;

export class AgentPool {
  readonly #connect: (socket: string, options: ConnectOptions) => Promise<GuestAgent>;
  readonly #lines = new Map<string, Line>();

  constructor(connect: (socket: string, options: ConnectOptions) => Promise<GuestAgent>) {
    this.#connect = connect;
  }

  /**
   * Does work with a machine’s agent, over the connection that is there or a new one. A connection that is lost (a reboot,
   * a crash) ends the work with guest-agent-silent; the next use connects again.
   * @throws PlayhouseError guest-agent-silent, cancelled, and what the work throws
   */
  async use<T>(place: AgentPlace, options: UseOptions, work: AgentWork<T>): Promise<T> {
    const line = this.#lines.get(place.socket) ?? this.#open(place);
    line.users += 1;
    const limit = new AbortController();
    const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
    const stop = (error: PlayhouseError): void => {
      limit.abort(error);
      giveUp(error);
    };
    const cancel = (): void => stop(new PlayhouseError('cancelled', {}, { cause: options.signal?.reason }));
    const late = (ms: number) => setTimeout(() => stop(silence(place, ms)), ms);
    const waiting = late(options.timeoutMs);
    const total = options.totalMs === undefined ? undefined : late(options.totalMs);
    options.signal?.addEventListener('abort', cancel);
    if (options.signal?.aborted) cancel();
    try {
      const agent = await Promise.race([line.agent, given]);
      clearTimeout(waiting);
      const done = work(agent, limit.signal);
      done.catch(() => undefined); // it may end after it was given up
      return await Promise.race([done, given]);
    } catch (error) {
      if (error instanceof PlayhouseError && error.code === 'guest-agent-silent') line.silent = true;
      throw error;
    } finally {
      clearTimeout(waiting);
      clearTimeout(total);
      options.signal?.removeEventListener('abort', cancel);
      line.users -= 1;
      if (line.users === 0 && (line.silent || !line.connected)) this.#drop(place.socket, line);
    }
  }

  /** Hangs up, whoever is using it: what is behind this socket has ended or is about to. */
  hangUp(socket: string): void {
    const line = this.#lines.get(socket);
    if (line) this.#drop(socket, line);
  }

  /** Hangs up everywhere. */
  close(): void {
    for (const [socket, line] of this.#lines) this.#drop(socket, line);
  }

  #open({ socket, machine, playground }: AgentPlace): Line {
    const end = new AbortController();
    const options = { timeoutMs: foreverMs, machine, playground, signal: end.signal };
    const agent = this.#connect(socket, options);
    const line: Line = { agent, end, connected: false, users: 0, silent: false };
    this.#lines.set(socket, line);
    const forget = (): void => {
      if (this.#lines.get(socket) === line) this.#lines.delete(socket);
    };
    agent.then((connected) => {
      line.connected = true;
      void connected.lost.then(forget);
      if (end.signal.aborted) connected.close();
    }, forget);
    return line;
  }

  #drop(socket: string, line: Line): void {
    if (this.#lines.get(socket) === line) this.#lines.delete(socket);
    line.end.abort();
    line.agent.then(
      (agent) => agent.close(),
      () => undefined,
    );
  }
}

function silence({ machine, playground }: AgentPlace, limitMs: number): PlayhouseError {
  return new PlayhouseError('guest-agent-silent', { machine, playground, seconds: limitMs / 1000 });
}
