// From a command line to an exit status: parses, builds the context, runs the handler, shows errors. Knows nothing of
// `process`, so that tests run whole command lines.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { commandTable } from '../commands/command-table.ts';
import type { Handler } from '../command/definition.ts';
import { type GlobalInput, type Match, parseCommandLine } from '../command/parser.ts';
import { exitStatusOf, renderError, renderErrorJson } from '../output/error.ts';
import { styleFor } from '../output/style.ts';
import type { Typed } from '../connection/name-faults.ts';
import type { Connection, Context, OutputFormat } from './context.ts';
import { Interrupted } from './interrupted.ts';
import { readVersion } from './version.ts';

/** The world a command line runs in. */
export type World = Pick<
  Context,
  'environment' | 'stdout' | 'stderr' | 'signal' | 'now' | 'codeRoot' | 'readInput' | 'ask'
>;

/** Runs one command line (the words after `playhouse`) and resolves with its exit status; never throws. */
export async function execute(words: readonly string[], world: World): Promise<number> {
  const { environment, stdout, stderr, signal } = world;
  let format: OutputFormat = words.includes('--json') ? 'json' : 'table';
  let debug = Boolean(environment['PLAYHOUSE_DEBUG']);
  try {
    const match = parseCommandLine(commandTable, words);
    if (match.kind !== 'command') {
      stdout.write(match.kind === 'help' ? match.text : `${readVersion()}\n`);
      return 0;
    }
    format = formatOf(match);
    debug ||= match.globals.debug === true;
    const handler = (await match.command.load()) as Handler<unknown>;
    return (
      (await handler(
        createContext(match, { ...world, format, debug, commands: commandTable }),
        match.input,
      )) ?? 0
    );
  } catch (error) {
    const shown = signal.aborted && !(error instanceof Interrupted) ? new Interrupted() : error;
    if (format === 'json') stdout.write(renderErrorJson(shown));
    else stderr.write(renderError(shown, styleFor(stderr, environment), debug));
    return exitStatusOf(shown);
  }
}

function createContext(match: Typed & { globals: GlobalInput }, base: Omit<Context, 'connect'>): Context {
  let connection: Promise<Connection> | null = null;
  const connect = (): Promise<Connection> => {
    connection ??= connectFor(match, base);
    return connection;
  };
  return { ...base, connect };
}

async function connectFor(
  match: Typed & { globals: GlobalInput },
  { environment, signal }: Pick<Context, 'environment' | 'signal'>,
): Promise<Connection> {
  const { connect } = await import('../connection/connect.ts');
  const { nameFaults } = await import('../connection/name-faults.ts');
  const connection = await connect(environment, match.globals.endpoint ?? null, signal);
  return { ...connection, client: nameFaults(connection.client, match) };
}

function formatOf(match: Match & { kind: 'command' }): OutputFormat {
  const { json, output = json ? 'json' : 'table' } = match.globals;
  if (output === 'json' || output === 'yaml' || output === 'table') return output;
  const detail = `Unknown output format \`${output}\`; there are json, yaml and table.`;
  throw new PlayhouseError('usage', { detail, command: match.command.path.join(' ') });
}
