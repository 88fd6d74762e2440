// The only place of the engine that starts host programs. Arguments are arrays; there is no shell.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { execa } from 'execa';

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** After this the program is killed and `command-timeout` is thrown. Default: 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What runOrFail takes for success besides 0. */
  readonly successCodes?: readonly number[];
  /** Called with each line of output as it comes, of both streams. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export type Run = (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a host program to its end and returns whatever its exit code.
 * @throws PlayhouseError command-missing, command-timeout, cancelled.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file = '', ...rest] = argv;
  const timeout = options.timeoutMs ?? 60_000;
  const child = execa(file, rest, {
    reject: false,
    timeout,
    forceKillAfterDelay: 2000,
    maxBuffer: 16 * 1024 * 1024,
    stripFinalNewline: false,
    env: { LC_ALL: 'C.UTF-8' },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.onLine === undefined ? {} : { all: true as const }),
  });
  if (options.onLine) for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
  const result = await child;
  if (result.isCanceled) throw new PlayhouseError('cancelled', {}, { cause: result });
  if (result.timedOut) {
    throw new PlayhouseError(
      'command-timeout',
      { command: file, seconds: timeout / 1000 },
      { cause: result },
    );
  }
  if (result.exitCode === undefined) {
    if (result.code === 'ENOENT')
      throw new PlayhouseError('command-missing', { command: file }, { cause: result });
    const detail = `ended by ${result.signal ?? 'an unknown cause'}`;
    return {
      stdout: result.stdout,
      stderr: [result.stderr, detail].filter(Boolean).join('\n'),
      exitCode: -1,
    };
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
}

/** As `run`, but an exit code that is no success is `command-failed` with the end of what the program said. */
export async function runOrFail(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await run(argv, options);
  if (result.exitCode === 0 || options.successCodes?.includes(result.exitCode)) return result;
  throw new PlayhouseError('command-failed', {
    command: argv.slice(0, 4).join(' '),
    exitCode: result.exitCode,
    detail: (result.stderr.trim() || result.stdout.trim()).slice(-600),
  });
}
