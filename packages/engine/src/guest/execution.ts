import type { AgentConnection } from './agent-connection.ts';
import { type Frame, FrameType, MAX_PAYLOAD } from './frames.ts';
import { agentRefusal, malformedReply } from './agent-refusal.ts';
import { CappedOutput } from '../system/capped-output.ts';

/** How a command ended. */
export interface ExecResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** The time limit ended it. */
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Output beyond the cap was dropped. */
  readonly truncated: boolean;
}

export interface ExecutionOptions {
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: string | Uint8Array;
  readonly maxOutputBytes?: number;
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
}

const DEFAULT_MAX_OUTPUT = 1024 * 1024;
/** Bytes of stdin the agent is willing to hold; it gives credit back as the command reads. */
const STDIN_WINDOW = 64 * 1024;

/** One command under way: feeds its stdin as the agent gives credit, collects its output, learns how it ended. */
export class Execution {
  readonly #connection: AgentConnection;
  readonly #options: ExecutionOptions;
  readonly #channel: number;
  readonly #done = Promise.withResolvers<ExecResult>();
  readonly #output: { readonly stdout: CappedOutput; readonly stderr: CappedOutput };
  #stdin: Buffer;
  #credit = STDIN_WINDOW;

  constructor(connection: AgentConnection, options: ExecutionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#stdin = Buffer.from(options.stdin ?? '');
    const limit = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
    this.#output = { stdout: new CappedOutput(limit), stderr: new CappedOutput(limit) };
    this.#done.promise.catch(() => undefined); // run() may not wait for it yet
    this.#channel = connection.listen({
      onFrame: (frame) => this.#receive(frame),
      onLost: (cause) => this.#done.reject(connection.silence(0, cause)),
    });
  }

  /** Starts the command; resolves when it has ended. */
  async run(payload: Buffer): Promise<ExecResult> {
    void this.#connection.send(this.#channel, FrameType.exec, payload);
    this.#feed();
    return this.#done.promise;
  }

  /** Ends the command and its process group; `run` resolves as usual. */
  kill(): void {
    void this.#connection.send(this.#channel, FrameType.kill);
  }

  release(): void {
    this.#connection.release(this.#channel);
  }

  #feed(): void {
    while (this.#stdin.length > 0 && this.#credit > 0) {
      const chunk = this.#stdin.subarray(0, Math.min(MAX_PAYLOAD, this.#credit));
      this.#stdin = this.#stdin.subarray(chunk.length);
      this.#credit -= chunk.length;
      void this.#connection.send(this.#channel, FrameType.stdin, chunk);
      if (this.#stdin.length === 0) return this.#end();
    }
    if (this.#credit === STDIN_WINDOW && this.#stdin.length === 0) this.#end();
  }

  #end(): void {
    void this.#connection.send(this.#channel, FrameType.stdinEof);
  }

  #receive(frame: Frame): void {
    const { type, payload } = frame;
    const action = `run ${this.#options.argv[0]}`;
    switch (type) {
      case FrameType.stdout:
        return this.#collect('stdout', payload);
      case FrameType.stderr:
        return this.#collect('stderr', payload);
      case FrameType.stdinCredit:
        if (payload.length !== 4) return this.#done.reject(malformedReply(action));
        this.#credit += payload.readUInt32LE(0);
        if (this.#stdin.length > 0) this.#feed();
        return undefined;
      case FrameType.exit:
        if (payload.length !== 5) return this.#done.reject(malformedReply(action));
        return this.#done.resolve(this.#result(payload.readUInt8(0), payload.readUInt32LE(1)));
      case FrameType.error:
        return this.#done.reject(agentRefusal(action, frame));
      default:
        return undefined;
    }
  }

  #collect(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.#options.onOutput?.(stream, bytes);
    this.#output[stream].add(bytes);
  }

  #result(kind: number, value: number): ExecResult {
    const { stdout, stderr } = this.#output;
    return {
      exitCode: kind === 0 ? value : null,
      signal: kind === 0 ? null : value,
      timedOut: kind === 2,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.truncated || stderr.truncated,
    };
  }
}
