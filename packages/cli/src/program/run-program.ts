// Binds a command line to this process: its streams, its signals, its end.
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import { execute } from './execute.ts';
import { readInput } from './read-input.ts';

/** Runs one command line and ends the process with its status. */
export async function runProgram(words: readonly string[]): Promise<void> {
  silenceBrokenPipes();
  const status = await execute(words, {
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: abortOnInterrupt(),
    now: Date.now,
    codeRoot: fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, ''),
    readInput,
    ask,
  });
  // What was written must be out before the process ends; open sockets must not keep it.
  process.stdout.write('', () => process.exit(status));
}

function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    controller.abort();
    // The second one does not wait for anything.
    process.once('SIGINT', () => process.exit(130));
  });
  return controller.signal;
}

function silenceBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
