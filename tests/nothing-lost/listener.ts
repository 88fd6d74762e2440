import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { writerPort } from './writer-image.ts';

const pauseMs = 200;

export interface Checked {
  readonly highest: number;
  /** `ok`, or what is wrong on the drives. */
  readonly problem: string;
}

/** Hears which records a writer acknowledges; connects again for as long as it is there. */
export class Listener implements Disposable {
  /** The highest record that was acknowledged. */
  acknowledged = 0;
  /** How many acknowledgements were heard. */
  heard = 0;
  readonly #argv: readonly string[];
  #child: ChildProcess | null = null;
  #checked: Checked | null = null;
  #over = false;

  /** Listens at an address, from the namespace that the words `prefix` enter. */
  constructor(prefix: readonly string[], address: string) {
    this.#argv = [...prefix, 'busybox', 'nc', address, String(writerPort)];
    void this.#listen();
  }

  /** Waits until the writer has acknowledged some records more. False when it did not. */
  async goesOn(timeoutMs: number): Promise<boolean> {
    const { heard } = this;
    const some = 5;
    // A connection from before a stop may seem to be there for a long time.
    this.#child?.kill('SIGKILL');
    return await this.#until(() => this.heard >= heard + some, timeoutMs);
  }

  /** Asks what is on the writer’s drives now; null when it does not say. */
  async check(timeoutMs: number): Promise<Checked | null> {
    this.#checked = null;
    const deadline = performance.now() + timeoutMs;
    while (this.#checked === null && performance.now() < deadline) {
      this.#child?.stdin?.write('c');
      await this.#until(() => this.#checked !== null, 3000);
    }
    return this.#checked;
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#child?.kill('SIGKILL');
  }

  async #listen(): Promise<void> {
    const [file = '', ...words] = this.#argv;
    while (!this.#over) {
      const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'ignore'] });
      this.#child = child;
      child.stdin.on('error', () => {});
      const exited = new Promise((resolve) => child.once('close', resolve));
      createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
      await exited;
      await setTimeout(pauseMs);
    }
  }

  #take(line: string): void {
    const [, highest, problem = ''] = /^checked (\d+) (.+)$/.exec(line) ?? [];
    if (highest !== undefined) this.#checked = { highest: Number(highest), problem };
    else if (/^\d+$/.test(line)) {
      this.heard += 1;
      this.acknowledged = Math.max(this.acknowledged, Number(line));
    }
  }

  async #until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!condition() && performance.now() < deadline) await setTimeout(20);
    return condition();
  }
}
