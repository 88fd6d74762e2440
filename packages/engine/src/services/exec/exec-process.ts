// A command in a container, as Docker runs it.
import { setTimeout } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { TerminalSize } from '@playhouse/contract/exec-frame';
import { z } from 'zod';
import { readTextIfPresent } from '../../system/durable-file.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { processTree } from '../../system/process-tree.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import { outputFrames, type OutputPart } from '../docker/output-frames.ts';

/** The best that an image has. */
const shell = ['sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'];
const hangUpMs = 2000;
/** Docker says how it ended a moment after its output has. */
const endedTimeoutMs = 5000;
const pollMs = 20;
const interrupted = 129;

const createdSchema = z.object({ Id: z.string() });
const refusedSchema = z.object({ message: z.string() });
const stateSchema = z.object({ Running: z.boolean(), ExitCode: z.int().nullable(), Pid: z.int() });

export interface ExecWish {
  readonly service: string;
  /** None for a shell. */
  readonly command: readonly string[];
  readonly user: string | null;
  /** Null without a terminal. */
  readonly terminal: TerminalSize | null;
}

export class ExecProcess {
  readonly #api: DockerApi;
  readonly #container: string;
  readonly #id: string;
  readonly #wish: ExecWish;
  #stream: Duplex | null = null;

  private constructor(api: DockerApi, container: string, id: string, wish: ExecWish) {
    this.#api = api;
    this.#container = container;
    this.#id = id;
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
    return new ExecProcess(api, container, createdSchema.parse(JSON.parse(body)).Id, wish);
  }

  /** Runs it; the way to its input. @throws PlayhouseError exec-failed */
  async start(): Promise<Duplex> {
    const Tty = this.#wish.terminal !== null;
    try {
      this.#stream = await this.#api.attach(`/exec/${this.#id}/start`, { Detach: false, Tty });
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
    await this.#api.post(`/exec/${this.#id}/resize?h=${rows}&w=${columns}`).catch(() => {});
  }

  /** Its exit status, once its output has ended. */
  async status(): Promise<number> {
    const deadline = performance.now() + endedTimeoutMs;
    for (;;) {
      const state = await this.#state();
      if (state?.Running === false) return state.ExitCode ?? interrupted;
      if (state === null || performance.now() > deadline) return interrupted;
      await setTimeout(pollMs);
    }
  }

  /** Ends it and what it began, as a terminal that is closed does, and what does not heed that. Docker has no way to. */
  async end(): Promise<void> {
    this.#stream?.destroy();
    const state = await this.#begun();
    if (state?.Running !== true) return;
    const found: ProcessIdentity[] = [];
    for (const pid of processTree(state.Pid)) {
      const each = identify(pid);
      if (each !== null && (await this.#isInContainer(pid))) found.push(each);
    }
    for (const each of found) if (isAlive(each)) signal(each.pid);
    const deadline = performance.now() + hangUpMs;
    while (found.some(isAlive) && performance.now() < deadline) await setTimeout(pollMs);
    await Promise.all(found.map(async (each) => await killAndWait(each)));
  }

  /** Docker answers before it has begun the command. */
  async #begun() {
    const deadline = performance.now() + hangUpMs;
    for (;;) {
      const state = await this.#state();
      const waits = state !== null && !state.Running && state.ExitCode === null && this.#stream !== null;
      if (!waits || performance.now() > deadline) return state;
      await setTimeout(pollMs);
    }
  }

  async #state() {
    const told = await this.#api.ask(`/exec/${this.#id}/json`).catch(() => null);
    return told === null ? null : stateSchema.parse(told);
  }

  /** A Docker that counts processes otherwise than this host does names another. */
  async #isInContainer(pid: number): Promise<boolean> {
    const groups = (await readTextIfPresent(`/proc/${pid}/cgroup`)) ?? '';
    return groups.includes(this.#container);
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP');
  } catch {
    // It has ended meanwhile.
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
