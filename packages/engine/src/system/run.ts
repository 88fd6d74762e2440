// The only way that the engine has to run programs of the host. Arguments are arrays; there is no shell.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { currentLauncher } from './launcher/current-launcher.ts';
import type { RunOptions, RunResult } from './launcher/launcher.ts';

export type { RunOptions, RunResult } from './launcher/launcher.ts';

export type Run = (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a host program to its end and returns whatever its exit code.
 * @throws PlayhouseError command-missing, command-timeout, cancelled.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return await currentLauncher().run(argv, options);
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
