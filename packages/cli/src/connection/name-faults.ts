// The server says what is wrong with a request in words of the API. Whoever typed a command never saw the request: the
// same is told here in the words of the command line.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Client } from '@playhouse/contract/routes/client';
import { type RequestFault, requestFaults } from '@playhouse/contract/routes/request-faults';
import type { Route } from '@playhouse/contract/routes/route';
import { routeTable } from '@playhouse/contract/routes/route-table';
import { argumentTerm } from '../command/help.ts';
import { camel, type CommandDescription } from '../command/description.ts';

export interface Typed {
  readonly command: Pick<CommandDescription, 'path' | 'arguments' | 'options'>;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * A client whose requests are turned down in the words of the command line that made them. What no argument or option stands
 * for is told as the server told it.
 */
export function nameFaults(client: Client, typed: Typed): Client {
  return async (name, ...request) => {
    try {
      return await client(name, ...request);
    } catch (error) {
      if (!(error instanceof PlayhouseError) || error.code !== 'request-invalid') throw error;
      const route: Route = routeTable[name];
      const told = requestFaults(route, request[0] ?? {}).map((fault) => {
        const word = wordFor(fault, typed);
        return word === null ? null : `\`${word}\` ${fault.words}.`;
      });
      if (told.length === 0 || told.includes(null)) throw error;
      const detail = [...new Set(told)].join(' ');
      throw new PlayhouseError('usage', { detail, command: typed.command.path.join(' ') }, { cause: error });
    }
  };
}

/** By what was typed there, else by a name that is the same but for its unit: `--lifetime` gives `lifetimeSeconds`. */
function wordFor({ path, value }: RequestFault, { command, input }: Typed): string | null {
  const words = [
    ...command.arguments.map((argument) => ({ key: argument.name, word: argumentTerm(argument) })),
    ...command.options.map((option) => ({ key: camel(option.name), word: `--${option.name}` })),
  ];
  const field = path.findLast((key) => typeof key === 'string') ?? '';
  const called = words.find(({ key }) => key === field || new RegExp(`^${key}[A-Z]`).test(field));
  const gave = words.filter(({ key }) =>
    [input[key]].flat().some((given) => given !== undefined && given === value),
  );
  return (gave.length === 1 ? gave[0] : (called ?? gave[0]))?.word ?? null;
}
