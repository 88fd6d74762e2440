import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isComposeText } from '@playhouse/contract/compose/is-compose-text';
import { showNotes } from '../../output/notes.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { originWords } from './origin-words.ts';
import { readManifest } from './read-manifest.ts';
import { type RepositoryInput, repositoryPlace } from './repository-place.ts';

export interface CreateInput extends RepositoryInput {
  readonly name: string;
  readonly base: string | undefined;
  readonly file: string | undefined;
  readonly quiet: boolean;
}

/** `playhouse playspec create` */
export async function createPlayspec(context: Context, input: CreateInput): Promise<undefined> {
  const { name, base, file } = input;
  const manifest = file === undefined ? null : await readManifest(context, file);
  const repository = repositoryPlace(input, 'playspec create');
  if (repository !== null && (file !== undefined || base !== undefined)) {
    const detail = 'A playspec is made of what --repository has, or of a file (-f) or base.';
    throw new PlayhouseError('usage', { detail, command: 'playspec create' });
  }
  const compose = manifest !== null && isComposeText(manifest.manifest);
  if (base === undefined && !compose && repository === null) {
    const detail =
      'A playspec of machines is made from another one: name it with --base, for example --base flexbox. Only a Compose file (-f FILE, or --repository URL) needs none.';
    throw new PlayhouseError('usage', { detail, command: 'playspec create' });
  }
  const { client } = await context.connect();
  const { playspec, notes } = await client('playspec.create', {
    body: {
      ...{ name, ...manifest },
      ...(base === undefined ? {} : { base }),
      ...(repository === null ? {} : { repository }),
    },
  });
  if (input.quiet) {
    context.stdout.write(`${playspec.name}\n`);
    return;
  }
  showNotes(context, notes);
  await print(
    context,
    { playspec, notes },
    () =>
      `${name} is in the catalog${originWords(playspec)}.\n  Start it:  playhouse playground start ${name}\n`,
  );
}
