import { LineSplitter } from './line-splitter.ts';

/** Tells the lines of both streams of a program as they come, each whole. */
export class ProgramLines {
  readonly #splitters: Readonly<Record<'stdout' | 'stderr', LineSplitter>>;
  readonly #onFailure: () => void;
  #failure: { readonly error: unknown } | null = null;

  /** Once `onLine` has thrown it is told nothing more: `onFailure` is called to end the program. */
  constructor(onLine: (line: string) => void, onFailure: () => void) {
    this.#splitters = { stdout: new LineSplitter(onLine), stderr: new LineSplitter(onLine) };
    this.#onFailure = onFailure;
  }

  add(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    if (this.#failure) return;
    try {
      this.#splitters[stream].add(bytes);
    } catch (error) {
      this.#failure = { error };
      this.#onFailure();
    }
  }

  /** Tells what no line break ended. @throws what the listener threw, now or earlier */
  end(): void {
    if (this.#failure) throw this.#failure.error;
    this.#splitters.stdout.end();
    this.#splitters.stderr.end();
  }
}
