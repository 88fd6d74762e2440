import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { CappedOutput } from '../capped-output.ts';
import {
  defaultGraceMs,
  defaultTimeoutMs,
  endedWithout,
  mostOutputBytes,
  type RunOptions,
  type RunResult,
  settings,
  tooMuch,
} from './launcher.ts';
import type { Answer } from './launcher-frames.ts';
import type { LauncherLine } from './launcher-line.ts';
import { ProgramLines } from './program-lines.ts';

const settingWords = Object.entries(settings).map(([name, value]) => `${name}=${value}`);

/** A program that a launcher runs for somebody who waits for its end. */
export class LaunchedProgram {
  readonly #line: LauncherLine;
  readonly #file: string;
  readonly #timeoutMs: number;
  readonly #graceMs: number;
  readonly #output = {
    stdout: new CappedOutput(mostOutputBytes),
    stderr: new CappedOutput(mostOutputBytes),
  };
  readonly #lines: ProgramLines | null;
  readonly #done = Promise.withResolvers<RunResult>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #channel: number;
  #stopping = false;
  /** Thrown once it has ended. */
  #verdict: PlayhouseError | null = null;

  constructor(line: LauncherLine, argv: readonly string[], options: RunOptions) {
    const { onLine, input = '', cwd: folder = '', timeoutMs = defaultTimeoutMs } = options;
    this.#line = line;
    this.#file = argv[0] ?? '';
    this.#timeoutMs = timeoutMs;
    this.#graceMs = options.graceMs ?? defaultGraceMs;
    this.#lines = onLine ? new ProgramLines(onLine, () => this.#stop(null)) : null;
    const request = { argv, settings: settingWords, folder, outputFile: '', input: Buffer.from(input) };
    this.#channel = line.start(request, (answer) => this.#hear(answer));
  }

  /** Settles when it has ended. See Launcher.run. */
  async end(signal: AbortSignal | undefined): Promise<RunResult> {
    const cancel = () => this.#stop(new PlayhouseError('cancelled', {}, { cause: signal?.reason }));
    const late = { command: this.#file, seconds: this.#timeoutMs / 1000 };
    this.#after(this.#timeoutMs, () => this.#stop(new PlayhouseError('command-timeout', late)));
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    try {
      return await this.#done.promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  #after(milliseconds: number, action: () => void): void {
    this.#timers.push(setTimeout(action, milliseconds));
  }

  #stop(verdict: PlayhouseError | null): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#verdict = verdict;
    this.#line.signal(this.#channel, constants.signals.SIGTERM);
    this.#after(this.#graceMs, () => this.#line.signal(this.#channel, constants.signals.SIGKILL));
  }

  #hear(answer: Answer | { readonly kind: 'lost' }): void {
    switch (answer.kind) {
      case 'started':
        return;
      case 'output':
        return this.#collect(answer.stream, answer.bytes);
      case 'failed':
        return this.#fail(getSystemErrorName(-answer.errno));
      case 'lost':
        return this.#finish('ended with the process that started it');
      default:
        return this.#finish(answer.signal ? `ended by ${signalName(answer.value)}` : answer.value);
    }
  }

  #collect(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.#lines?.add(stream, bytes);
    this.#output[stream].add(bytes);
    if (this.#output[stream].truncated) this.#stop(null);
  }

  #fail(code: string): void {
    if (code === 'ENOENT') this.#done.reject(new PlayhouseError('command-missing', { command: this.#file }));
    else this.#finish(`could not be started: ${code}`);
  }

  /** @param how the exit code, or why there is none */
  #finish(how: number | string): void {
    if (this.#verdict !== null) return this.#done.reject(this.#verdict);
    try {
      this.#lines?.end();
    } catch (error) {
      return this.#done.reject(error);
    }
    const { stdout, stderr } = this.#output;
    const reason = stdout.truncated || stderr.truncated ? tooMuch : how;
    return this.#done.resolve(
      typeof reason === 'number'
        ? { stdout: stdout.text(), stderr: stderr.text(), exitCode: reason }
        : endedWithout(stdout.text(), stderr.text(), reason),
    );
  }
}

/** `SIGTERM` of 15. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
