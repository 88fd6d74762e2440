import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { silentRenderer } from '../../progress/silent-renderer.ts';
import { awaitOperation } from '../await-operation.ts';

export interface SaveInput {
  readonly name: string;
  readonly from: string | undefined;
  readonly memory: boolean;
  readonly update: boolean;
  readonly title: string | undefined;
  readonly noWait: boolean;
  readonly quiet: boolean;
}

const beginnings = {
  machines: 'its starts boot from its drives',
  compose: 'its starts begin with its volumes',
} as const;

/** `playhouse playspec save` */
export async function savePlayspec(context: Context, input: SaveInput): Promise<undefined> {
  const { name, from, memory, update, title } = input;
  if (from === undefined) {
    const detail = 'Name the playground to save: --from PLAYGROUND.';
    throw new PlayhouseError('usage', { detail, command: 'playspec save' });
  }
  const { client } = await context.connect();
  const { playspec, operation } = await client('playspec.save', {
    parameters: { playground: from },
    body: { name, memory, update, ...(title === undefined ? {} : { title }) },
  });
  if (input.noWait) {
    if (input.quiet) context.stdout.write(`${name}\n`);
    else
      await finish(
        context,
        { playspec, operation },
        () => `${name} is being saved.\n  Follow it: playhouse logs ${operation.id} --follow\n`,
      );
    return;
  }
  const ended = await awaitOperation(context, operation, input.quiet ? silentRenderer : undefined);
  if (input.quiet) {
    context.stdout.write(`${name}\n`);
    return;
  }
  const { version, saved } = playspec;
  const what =
    saved?.memory === true ? 'with memory: its starts go on where it was' : beginnings[playspec.kind];
  const words = `${name} is saved as version ${version}; ${what}.\n  Start it: playhouse playground start ${name}\n`;
  await finish(context, { playspec, operation: ended }, () => words);
}
