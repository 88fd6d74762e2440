import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isComposeText } from '@playhouse/contract/compose/is-compose-text';
import { showNotes } from '../../output/notes.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { readManifest } from './read-manifest.ts';

export interface CreateInput {
  readonly name: string;
  readonly base: string | undefined;
  readonly file: string | undefined;
  readonly quiet: boolean;
}

/** `playhouse playspec create` */
export async function createPlayspec(context: Context, input: CreateInput): Promise<undefined> {
  const { name, base, file } = input;
  const manifest = file === undefined ? null : await readManifest(context, file);
  const compose = manifest !== null && isComposeText(manifest.manifest);
  if (base === undefined && !compose) {
    const detail =
      'A playspec of machines is made from another one: name it with --base, for example --base flexbox. Only a Compose file needs none.';
    throw new PlayhouseError('usage', { detail, command: 'playspec create' });
  }
  const { client } = await context.connect();
  const { playspec, notes } = await client('playspec.create', {
    body: { name, ...(base === undefined ? {} : { base }), ...manifest },
  });
  if (input.quiet) {
    context.stdout.write(`${playspec.name}\n`);
    return;
  }
  showNotes(context, notes);
  await print(
    context,
    { playspec, notes },
    () => `${name} is in the catalog.\n  Start it:  playhouse playground start ${name}\n`,
  );
}
