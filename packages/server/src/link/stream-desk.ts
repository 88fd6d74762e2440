// Streams that the engine dials, beside the link: matched with who waits for them, by names that nobody can guess.
import { randomBytes } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { streamPath } from '@playhouse/contract/link/protocol';
import type { WebSocket } from 'ws';

interface Waiting {
  readonly arrived: (socket: WebSocket) => void;
  readonly failed: (error: PlayhouseError) => void;
  readonly timer: NodeJS.Timeout;
}

export class StreamDesk {
  readonly #waiting = new Map<string, Waiting>();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Names a stream; `arrived` gives it, paused. @throws PlayhouseError engine-timeout, engine-down, later */
  expect(request: string): { readonly name: string; readonly arrived: Promise<WebSocket> } {
    const name = randomBytes(16).toString('hex');
    const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
    const late = { request, seconds: this.#timeoutMs / 1000 };
    const timer = setTimeout(
      () => this.#take(name)?.failed(new PlayhouseError('engine-timeout', late)),
      this.#timeoutMs,
    );
    this.#waiting.set(name, { arrived: resolve, failed: reject, timer });
    // Whoever asked may have been refused before, and looks at it no more.
    promise.catch(() => {});
    return { name, arrived: promise };
  }

  /** True for a path of a stream, whose socket is taken over here; one that nobody waits for is closed. */
  take(path: string, socket: WebSocket): boolean {
    const prefix = streamPath('');
    if (!path.startsWith(prefix)) return false;
    socket.on('error', () => socket.terminate());
    const waiting = this.#take(path.slice(prefix.length));
    if (waiting === undefined) socket.close(4004, 'nobody waits for this stream');
    else {
      // Nothing of it is missed by whoever is still on the way to it.
      socket.pause();
      waiting.arrived(socket);
    }
    return true;
  }

  /** Nobody waits for it any more. */
  drop(name: string): void {
    this.#take(name)?.failed(new PlayhouseError('engine-down'));
  }

  /** Ends all waiting with `engine-down`. */
  abandon(): void {
    for (const name of this.#waiting.keys()) this.drop(name);
  }

  #take(name: string): Waiting | undefined {
    const waiting = this.#waiting.get(name);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(name);
    return waiting;
  }
}
