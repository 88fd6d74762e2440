// What starts programs of the host. There is one that does it itself, and one that has a small process do it; both pass
// launcher.contract.ts. Arguments are arrays; there is no shell.

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** After this the program is killed and `command-timeout` is thrown. Default: 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Between the wish that the program ends and its end. Default: 2 s. */
  readonly graceMs?: number;
  /** What runOrFail takes for success besides 0. */
  readonly successCodes?: readonly number[];
  /** Called with each line of output as it comes, of both streams. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 when there is none: it was ended by a signal, or could not be started; `stderr` ends with which. */
  readonly exitCode: number;
}

/** A program that goes on when the engine ends. */
export interface DetachedProcess {
  readonly pid: number | null;
  /** Settles with the exit code, the name of the signal, or why it did not start, if that happens while this engine lives. */
  readonly exited: Promise<number | string>;
}

export interface Launcher {
  /**
   * Runs a program to its end and returns whatever its exit code. One that takes too long, is cancelled, or says more than
   * `mostOutputBytes` is told to end, and killed when its grace is over.
   * @throws PlayhouseError command-missing, command-timeout, cancelled; what `onLine` throws
   */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program in its own session, with its output in a file; it never shares the engine’s fate. */
  startDetached(argv: readonly string[], outputFile: string): Promise<DetachedProcess>;
}

export const defaultTimeoutMs = 60_000;
export const defaultGraceMs = 2000;
/** Most that a program may say on each of its streams. */
export const mostOutputBytes = 16 * 1024 * 1024;
/** Settings that programs get beside the engine’s own: what they say is read by us. */
export const settings = { LC_ALL: 'C.UTF-8' } as const;

/** Why a program was ended that said more. */
export const tooMuch = `ended: it said more than ${mostOutputBytes} bytes`;

/** What is said of a program that ended without an exit code. */
export function endedWithout(stdout: string, stderr: string, reason: string): RunResult {
  return { stdout, stderr: [stderr, reason].filter(Boolean).join('\n'), exitCode: -1 };
}
