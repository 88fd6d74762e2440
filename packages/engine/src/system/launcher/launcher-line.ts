import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Answer, AnswerDecoder, type Request, runFrame, signalFrame } from './launcher-frames.ts';

/** Hears what there is to say of one program. `lost` comes last, when the launcher ended before the program did. */
export type Listener = (answer: Answer | { readonly kind: 'lost' }) => void;

/** The line to one launcher, which lives as long as this does. */
export class LauncherLine {
  readonly #socket: Socket;
  readonly #listeners = new Map<number, Listener>();
  #lastChannel = 0;
  #lost = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const decoder = new AnswerDecoder();
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const [channel, answer] of decoder.push(chunk)) this.#hear(channel, answer);
      } catch {
        socket.destroy(); // it is no launcher of ours: another is started
      }
    });
    socket.on('error', () => {}); // `close` follows and says enough
    socket.on('close', () => this.#lose());
  }

  /** Starts a launcher. Rejects when there is no such program. */
  static async open(program: string): Promise<LauncherLine> {
    // In a session of its own: what a terminal sends is for the engine.
    const child = spawn(program, [], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    await once(child, 'spawn');
    child.unref();
    return new LauncherLine(child.stdio[3] as Socket);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Has a program started. @returns the channel that it is known by. @throws RangeError when a word holds a NUL */
  start(request: Request, listener: Listener): number {
    this.#lastChannel = (this.#lastChannel + 1) >>> 0;
    const frame = runFrame(this.#lastChannel, request);
    if (this.#lost) {
      queueMicrotask(() => listener({ kind: 'lost' }));
    } else {
      this.#listeners.set(this.#lastChannel, listener);
      this.#socket.write(frame);
    }
    return this.#lastChannel;
  }

  /** Sends a signal to a program and what it started; silent when it has ended. */
  signal(channel: number, number: number): void {
    if (this.#listeners.has(channel)) this.#socket.write(signalFrame(channel, number));
  }

  /** Lets the launcher go, which ends what is not detached. */
  close(): void {
    this.#socket.destroy();
  }

  #hear(channel: number, answer: Answer): void {
    const listener = this.#listeners.get(channel);
    if (answer.kind === 'ended' || answer.kind === 'failed') this.#listeners.delete(channel);
    listener?.(answer);
  }

  #lose(): void {
    this.#lost = true;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener({ kind: 'lost' });
  }
}
