import type { Readable } from 'node:stream';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { execa } from 'execa';

export interface StreamOptions {
  /** File that the program reads as its standard input. It need not have the right to open it. */
  readonly inputFile: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a host program and hands its output on as it comes, whatever its size. A consumer that throws ends the program. It is started
 * without the launcher: a consumer that takes its time must keep no other program waiting.
 * @throws PlayhouseError command-failed, cancelled; what the consumer throws
 */
export async function streamOutput(
  argv: readonly string[],
  { inputFile, timeoutMs, signal }: StreamOptions,
  consume: (output: Readable) => Promise<void>,
): Promise<void> {
  const [file = '', ...rest] = argv;
  const child = execa(file, rest, {
    reject: false,
    timeout: timeoutMs,
    stdin: { file: inputFile },
    buffer: { stdout: false },
    env: { LC_ALL: 'C.UTF-8' },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const consumed = consume(child.stdout).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const [ended, read] = await Promise.allSettled([child, consumed]);
  if (ended.status === 'fulfilled' && ended.value.isCanceled) throw new PlayhouseError('cancelled');
  // A program that fails cuts its output short: that it failed says more than what the consumer made of the rest.
  const failure = ended.status === 'fulfilled' && ended.value.signal !== 'SIGKILL' ? ended.value : null;
  if (failure !== null && failure.exitCode !== 0) {
    const { exitCode = -1, stderr } = failure;
    throw new PlayhouseError('command-failed', {
      command: argv.slice(-2).join(' '),
      exitCode,
      detail: stderr.trim().slice(-600),
    });
  }
  if (read.status === 'rejected') throw read.reason;
}
