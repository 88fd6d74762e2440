// The only folder of the CLI that starts processes. Programs get an argv array, never a shell string.
import { spawn } from 'node:child_process';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Extra environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  /** Called with each line the program writes to descriptor 3. */
  readonly onStatusLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and collects what it wrote, whatever its exit code. 128 + n stands for death by a signal.
 * @throws PlayhouseError command-missing, command-timeout
 */
export async function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const [file = '', ...args] = argv;
  const { environment = {}, timeoutSeconds = 60, onStatusLine, signal } = options;
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { ...process.env, LC_ALL: 'C', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', onStatusLine ? 'pipe' : 'ignore'],
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    if (onStatusLine) readLines(child.stdio[3] as NodeJS.ReadableStream, onStatusLine);
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(failure(cause, argv, timeout, timeoutSeconds)),
    );
    child.on('close', (code) => {
      const text = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
      resolve({ exitCode: code ?? 128, ...text });
    });
  });
}

/**
 * Runs a program that must succeed and returns its standard output.
 * @throws PlayhouseError command-failed with the last line it wrote to standard error; command-missing, command-timeout
 */
export async function runOrFail(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(argv, options);
  if (exitCode === 0) return stdout;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const detail = lines.slice(-3).join('\n') || 'it wrote nothing';
  throw new PlayhouseError('command-failed', { command: argv.join(' '), exitCode, detail });
}

function failure(
  cause: NodeJS.ErrnoException,
  argv: readonly string[],
  timeout: AbortSignal,
  seconds: number,
): unknown {
  if (cause.code === 'ENOENT')
    return new PlayhouseError('command-missing', { command: argv[0] ?? '' }, { cause });
  if (timeout.aborted)
    return new PlayhouseError('command-timeout', { command: argv.join(' '), seconds }, { cause });
  return cause;
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
