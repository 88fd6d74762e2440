// From a command line to an exit status: parses, builds the context from the process, runs the handler, shows errors.
// The only place that touches `process` for in- and output, signals and the exit.
import { fileURLToPath } from 'node:url';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { commandTable } from '../command/command-table.ts';
import type { Handler } from '../command/definition.ts';
import { type GlobalInput, type Match, parseCommandLine } from '../command/parser.ts';
import { exitStatusOf, renderError, renderErrorJson, wantsErrorJson } from '../output/error.ts';
import { styleFor } from '../output/style.ts';
import type { Connection, Context, OutputFormat } from './context.ts';
import { Interrupted } from './interrupted.ts';
import { readInput } from './read-input.ts';
import { readVersion } from './version.ts';

/** Runs one command line and ends the process. */
export async function runProgram(words: readonly string[]): Promise<void> {
  silenceBrokenPipes();
  const status = await run(words);
  // What was written must be out before the process ends; open sockets must not keep it.
  process.stdout.write('', () => process.exit(status));
}

async function run(words: readonly string[]): Promise<number> {
  let format: OutputFormat = words.includes('--json') ? 'json' : 'table';
  let debug = Boolean(process.env['PLAYHOUSE_DEBUG']);
  const signal = abortOnInterrupt();
  try {
    const match = parseCommandLine(commandTable, words);
    if (match.kind !== 'command') {
      process.stdout.write(match.kind === 'help' ? match.text : `${readVersion()}\n`);
      return 0;
    }
    format = formatOf(match);
    debug ||= match.globals.debug === true;
    const handler = (await match.command.load()) as Handler<unknown>;
    return (await handler(createContext(match.globals, format, debug, signal), match.input)) ?? 0;
  } catch (error) {
    const shown = signal.aborted && !(error instanceof Interrupted) ? new Interrupted() : error;
    if (wantsErrorJson(format)) process.stdout.write(renderErrorJson(shown));
    process.stderr.write(renderError(shown, styleFor(process.stderr, process.env), debug));
    return exitStatusOf(shown);
  }
}

function createContext(globals: GlobalInput, format: OutputFormat, debug: boolean, signal: AbortSignal): Context {
  let connection: Promise<Connection> | null = null;
  return {
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    format,
    debug,
    signal,
    now: Date.now,
    connect: () => {
      connection ??= import('../connection/connect.ts').then(({ connect }) =>
        connect(process.env, globals.endpoint ?? null, signal),
      );
      return connection;
    },
    readInput,
    codeRoot: fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, ''),
  };
}

function formatOf(match: Match & { kind: 'command' }): OutputFormat {
  const { json, output = json ? 'json' : 'table' } = match.globals;
  if (output === 'json' || output === 'yaml' || output === 'table') return output;
  const detail = `Unknown output format \`${output}\`; there are json, yaml and table.`;
  throw new PlayhouseError('usage', { detail, command: match.command.path.join(' ') });
}

function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    controller.abort();
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
