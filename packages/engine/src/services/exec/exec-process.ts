// A command in a container, as Docker runs it.
import { setTimeout } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { TerminalSize } from '@playhouse/contract/exec-frame';
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';
import { outputFrames, type OutputPart } from '../docker/output-frames.ts';
import { endExec, execState } from './end-exec.ts';

/** The best that an image has. */
const shell = ['sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'];
/** Docker says how it ended a moment after its output has. */
const endedTimeoutMs = 5000;
const pollMs = 20;
const interrupted = 129;

const createdSchema = z.object({ Id: z.string() });
const refusedSchema = z.object({ message: z.string() });

export interface ExecWish {
  readonly service: string;
  /** None for a shell. */
  readonly command: readonly string[];
  readonly user: string | null;
  /** Null without a terminal. */
  readonly terminal: TerminalSize | null;
}

export class ExecProcess {
  /** Docker's. */
  readonly id: string;
  readonly #api: DockerApi;
  readonly #wish: ExecWish;
  #stream: Duplex | null = null;

  private constructor(api: DockerApi, id: string, wish: ExecWish) {
    this.#api = api;
    this.id = id;
    this.#wish = wish;
  }

  /** Prepares it; nothing runs yet. @throws PlayhouseError exec-failed */
  static async create(api: DockerApi, container: string, wish: ExecWish): Promise<ExecProcess> {
    const { status, body } = await api.post(`/containers/${container}/exec`, {
      ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
      Tty: wish.terminal !== null,
      Cmd: wish.command.length > 0 ? wish.command : shell,
      ...(wish.user === null ? {} : { User: wish.user }),
    });
    if (status !== 201) throw failed(wish, messageOf(body));
    return new ExecProcess(api, createdSchema.parse(JSON.parse(body)).Id, wish);
  }

  /** Runs it; the way to its input. @throws PlayhouseError exec-failed */
  async start(): Promise<Duplex> {
    const Tty = this.#wish.terminal !== null;
    try {
      this.#stream = await this.#api.attach(`/exec/${this.id}/start`, { Detach: false, Tty });
    } catch (error) {
      throw failed(this.#wish, error instanceof Error ? error.message : String(error));
    }
    if (this.#wish.terminal !== null) await this.resize(this.#wish.terminal);
    return this.#stream;
  }

  /** What it says, to its end. */
  output(): AsyncIterable<OutputPart> {
    const stream: AsyncIterable<Buffer> = this.#stream ?? nothing();
    return this.#wish.terminal === null ? outputFrames(stream) : unframed(stream);
  }

  async resize({ columns, rows }: TerminalSize): Promise<void> {
    // One that has ended has no size any more.
    await this.#api.post(`/exec/${this.id}/resize?h=${rows}&w=${columns}`).catch(() => {});
  }

  /** Its exit status, once its output has ended. */
  async status(): Promise<number> {
    const deadline = performance.now() + endedTimeoutMs;
    for (;;) {
      const state = await execState(this.#api, this.id);
      if (state?.Running === false) return state.ExitCode ?? interrupted;
      if (state === null || performance.now() > deadline) return interrupted;
      await setTimeout(pollMs);
    }
  }

  /** Ends it and what it began. */
  async end(): Promise<void> {
    this.#stream?.destroy();
    await endExec(this.#api, this.id);
  }
}

async function* unframed(chunks: AsyncIterable<Buffer>): AsyncGenerator<OutputPart, void> {
  for await (const part of chunks) yield { stream: 'stdout', part };
}

async function* nothing(): AsyncGenerator<Buffer, void> {}

function failed({ service }: ExecWish, detail: string): PlayhouseError {
  return new PlayhouseError('exec-failed', { service, detail });
}

function messageOf(body: string): string {
  try {
    return refusedSchema.parse(JSON.parse(body)).message;
  } catch {
    return body.slice(0, 300);
  }
}
