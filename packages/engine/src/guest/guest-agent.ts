// The host's side of the guest agent: what the engine can do inside a machine without its network or its sshd.
// Every answer comes from the machine, which is not trusted: sizes are capped, and nothing here waits for ever unasked.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { AgentConnection, type AgentIdentity, type ConnectOptions } from './agent-connection.ts';
import { agentRefusal } from './agent-refusal.ts';
import { type ExecCommand, encodeExec } from './exec-command.ts';
import { type ExecResult, Execution } from './execution.ts';
import { type Frame, FrameType, MAX_PAYLOAD } from './frames.ts';

export interface ExecOptions extends ExecCommand {
  /** Given to the command, then end of file. Default: nothing. */
  readonly stdin?: string | Uint8Array;
  /** Kept of each stream; more is read and dropped. Default: 1 MiB. */
  readonly maxOutputBytes?: number;
  /** Gets all output as it comes. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
  /** Kills the command. */
  readonly signal?: AbortSignal;
}

export interface WriteFileOptions {
  /** Absolute; missing directories are made. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits. Default: 0644. */
  readonly mode?: number;
  /** `0:0`, `laborant`, `laborant:users`. Default: root. */
  readonly owner?: string;
  readonly append?: boolean;
  /**
   * Writes over a file that is there: a machine that has just been woken does it in a fraction of the time. One that is lost
   * meanwhile may keep half of it.
   */
  readonly inPlace?: boolean;
}

const QUICK_MS = 10_000;
const DISK_MS = 120_000;
const EXEC_GRACE_MS = 15_000;
const keysPerFrame = 4;
/** How WRITE_FILE writes; `enum manner` of the agent. */
const Manner = { replace: 0, append: 1, inPlace: 2 } as const;

/** All methods throw PlayhouseError: guest-agent-refused (the machine said no), guest-agent-silent (it said nothing). */
export class GuestAgent {
  readonly #connection: AgentConnection;

  private constructor(connection: AgentConnection) {
    this.#connection = connection;
  }

  /** Connects, and waits until the agent is ready. One host at a time: a second one waits for the first to close. */
  static async connect(socketPath: string, options: ConnectOptions): Promise<GuestAgent> {
    return new GuestAgent(await AgentConnection.open(socketPath, options));
  }

  get identity(): AgentIdentity {
    return this.#connection.identity;
  }

  /** Settles with the reason when the connection is over. Never rejects. */
  get lost(): Promise<Error> {
    return this.#connection.lost;
  }

  /** Runs a command to its end. Any exit code is a result; a program that cannot be started is guest-agent-refused. */
  async exec(options: ExecOptions): Promise<ExecResult> {
    const payload = encodeExec(options);
    const execution = new Execution(this.#connection, options);
    const kill = (): void => execution.kill();
    options.signal?.addEventListener('abort', kill);
    try {
      const limit = options.timeoutMs ? options.timeoutMs + EXEC_GRACE_MS : undefined;
      const result = await this.#within(limit, `run ${options.argv[0]}`, execution.run(payload));
      if (options.signal?.aborted) throw new PlayhouseError('cancelled');
      return result;
    } catch (error) {
      // Nobody waits for it any more; on a connection that is shared it would run on.
      execution.kill();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', kill);
      execution.release();
    }
  }

  /**
   * The file has the whole content or is as before, unless it is written in place; the last component of the path is never followed
   * if it is a link.
   */
  async writeFile({
    path,
    content,
    mode = 0o644,
    owner = '0:0',
    append = false,
    inPlace = false,
  }: WriteFileOptions): Promise<void> {
    const head = Buffer.concat([Buffer.alloc(5), Buffer.from(`${path}\0${owner}\0`)]);
    head.writeUInt32LE(mode, 0);
    head.writeUInt8(append ? Manner.append : inPlace ? Manner.inPlace : Manner.replace, 4);
    const bytes = Buffer.from(content);
    await this.#ask(`write ${path}`, DISK_MS, async (send) => {
      await send(FrameType.writeFile, head);
      for (let at = 0; at < bytes.length; at += MAX_PAYLOAD) {
        await send(FrameType.writeData, bytes.subarray(at, at + MAX_PAYLOAD));
      }
      await send(FrameType.writeEnd);
    });
  }

  /** Sets the wall clock, in nanoseconds since 1970. */
  async setTime(nanoseconds: bigint): Promise<void> {
    const payload = Buffer.alloc(8);
    payload.writeBigUInt64LE(nanoseconds);
    await this.#ask('set the clock', QUICK_MS, (send) => send(FrameType.setTime, payload));
  }

  /** The machine’s wall clock, in nanoseconds since 1970. */
  async time(): Promise<bigint> {
    const answer = await this.#ask('tell the time', QUICK_MS, (send) => send(FrameType.getTime));
    if (answer.length !== 8) throw this.#connection.silence(QUICK_MS, new Error('not a time'));
    return answer.readBigUInt64LE();
  }

  /** Removes files, by absolute path; one that is not there is no failure. */
  async remove(paths: readonly string[]): Promise<void> {
    await this.#ask(`remove ${paths.join(', ')}`, DISK_MS, (send) => send(FrameType.remove, pathList(paths)));
  }

  /** Whether there is something at this path, links followed. */
  async exists(path: string): Promise<boolean> {
    try {
      await this.#ask(`look for ${path}`, DISK_MS, (send) => send(FrameType.exists, pathList([path])));
      return true;
    } catch (error) {
      if (error instanceof PlayhouseError && error.code === 'guest-agent-refused') return false;
      throw error;
    }
  }

  /** Adds lines to the user’s `authorized_keys` and takes others out; what else is there stays. */
  async authorize(user: string, keys: readonly string[], withdrawn: readonly string[] = []): Promise<void> {
    const lines = (list: readonly string[]) => list.map((line) => `${line.trim()}\n`).join('');
    const ask = async (added: readonly string[], gone: readonly string[]) => {
      const payload = Buffer.from(`${user}\0${lines(added)}\0${lines(gone)}\0`);
      await this.#ask(`authorize keys of ${user}`, DISK_MS, (send) => send(FrameType.authorize, payload));
    };
    // Few at a time: a frame holds 32 KiB, and a key can have 3.
    for (let at = 0; at === 0 || at < Math.max(keys.length, withdrawn.length); at += keysPerFrame)
      await ask(keys.slice(at, at + keysPerFrame), withdrawn.slice(at, at + keysPerFrame));
  }

  /** Mixes up to 512 bytes of fresh randomness into the kernel's pool and makes it used at once. */
  async reseed(bytes: Uint8Array): Promise<void> {
    await this.#ask('seed the random pool', QUICK_MS, (send) => send(FrameType.reseed, bytes));
  }

  /** Writes everything that waits in memory to the drives. */
  async sync(): Promise<void> {
    await this.#ask('sync', DISK_MS, (send) => send(FrameType.sync));
  }

  /** Stops writes to all file systems, flushed. The machine thaws by itself after `autoThawMs`, or when we hang up. */
  async freeze(autoThawMs: number): Promise<void> {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(autoThawMs);
    await this.#ask('freeze the file systems', DISK_MS, (send) => send(FrameType.freeze, payload));
  }

  async thaw(): Promise<void> {
    await this.#ask('thaw the file systems', QUICK_MS, (send) => send(FrameType.thaw));
  }

  /** Hangs up; commands still running are killed. */
  close(): void {
    this.#connection.close();
  }

  /** One request that is answered by OK or ERROR; gives what comes with OK. */
  async #ask(
    action: string,
    limitMs: number,
    request: (send: (type: number, payload?: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const onFrame = (frame: Frame): void => {
      if (frame.type === FrameType.ok) resolve(frame.payload);
      else if (frame.type === FrameType.error) reject(agentRefusal(action, frame));
    };
    const onLost = (reason: Error): void => reject(this.#connection.silence(0, reason));
    const channel = this.#connection.listen({ onFrame, onLost });
    try {
      promise.catch(() => undefined); // an early ERROR is seen by the await below
      await this.#within(
        limitMs,
        action,
        Promise.race([promise, request(this.#connection.send.bind(this.#connection, channel))]),
      );
      return await this.#within(limitMs, action, promise);
    } finally {
      this.#connection.release(channel);
    }
  }

  async #within<T>(limitMs: number | undefined, action: string, work: Promise<T>): Promise<T> {
    if (limitMs === undefined) return work;
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(this.#connection.silence(limitMs, new Error(`no answer to: ${action}`))),
      limitMs,
    );
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function pathList(paths: readonly string[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''));
}
