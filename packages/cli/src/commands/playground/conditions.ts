import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Client } from '@playhouse/contract/routes/client';
import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import type { Context } from '../../program/context.ts';

type Offered = RouteOutput<RouteTable['playground.conditions']>['conditions'][number];
type Conditions = Readonly<Record<string, string>>;

/** What a start is of: the part of its request on which the choices depend. */
interface Start {
  readonly playspec: string;
  readonly manifest?: string;
  readonly manifestFile?: string | undefined;
}

/**
 * The values of `-i KEY=VALUE` options.
 * @throws PlayhouseError usage
 */
export function readConditions(words: readonly string[]): Conditions {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
      const detail = `--init-condition takes KEY=VALUE, not \`${word}\`.`;
      throw new PlayhouseError('usage', { detail, command: 'playground start' });
    }),
  );
}

/**
 * Asks at the terminal for choices that have neither a value nor a default. Where nobody can be asked the server says what
 * is missing, all at once.
 */
export async function askForConditions(
  { ask, stderr, format }: Pick<Context, 'ask' | 'stderr' | 'format'>,
  client: Client,
  start: Start,
  given: Conditions,
): Promise<Conditions> {
  if (stderr.isTTY !== true || format !== 'table') return given;
  const { conditions } = await client('playground.conditions', { body: start });
  const missing = conditions.filter(
    (each) => !Object.hasOwn(given, each.key) && each.default === undefined && !each.nullable,
  );
  const { conditionFault } = await import('@playhouse/contract/manifest/choose-conditions');
  const answers: [string, string][] = [];
  for (const condition of missing) {
    for (;;) {
      const value = await ask(questionFor(condition));
      if (value === null) return given;
      const fault = conditionFault(condition, value);
      answers.push([condition.key, value]);
      if (fault === null) break;
      stderr.write(`${fault}\n`);
    }
  }
  return { ...given, ...Object.fromEntries(answers) };
}

function questionFor({ key, options = [], placeholder }: Offered): string {
  const expected = options.length > 0 ? options.join(', ') : placeholder;
  return expected === undefined ? `${key}: ` : `${key} (${expected}): `;
}
