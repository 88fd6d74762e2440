import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Runs a program on this terminal: it has our standard streams and handles Ctrl-C itself. Resolves with its exit status,
 * 128 + n when a signal ended it.
 * @throws PlayhouseError command-missing
 */
export async function runAttached(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [file = '', ...args] = argv;
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  process.on('SIGQUIT', ignore);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
      child.on('error', (cause) =>
        reject(new PlayhouseError('command-missing', { command: file }, { cause })),
      );
      child.on('exit', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGQUIT', ignore);
  }
}
