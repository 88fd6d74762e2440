import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { showNotes } from '../../output/notes.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { originWords } from './origin-words.ts';
import { readManifest } from './read-manifest.ts';
import { type RepositoryInput, repositoryPlace } from './repository-place.ts';

export interface UpdateInput extends RepositoryInput {
  readonly playspec: string;
  readonly file: string | undefined;
  readonly fromRepository: boolean;
  readonly quiet: boolean;
}

/** `playhouse playspec update` */
export async function updatePlayspec(context: Context, input: UpdateInput): Promise<undefined> {
  const { playspec: name, file, fromRepository } = input;
  const repository = repositoryPlace(input, 'playspec update');
  const ways = [file !== undefined, repository !== null, fromRepository].filter(Boolean);
  if (ways.length !== 1) {
    const detail =
      'Say in one way where the new manifest is: -f FILE (- for standard input), --repository URL, or --from-repository for where it was taken from before.';
    throw new PlayhouseError('usage', { detail, command: 'playspec update' });
  }
  const body = {
    ...(file === undefined ? {} : await readManifest(context, file)),
    ...(repository === null ? {} : { repository }),
    ...(fromRepository ? { fromRepository } : {}),
  };
  const { client } = await context.connect();
  const { playspec, notes } = await client('playspec.update', { parameters: { name }, body });
  if (input.quiet) {
    context.stdout.write(`${playspec.name}\n`);
    return;
  }
  showNotes(context, notes);
  await print(
    context,
    { playspec, notes },
    () => `${name} is at version ${playspec.version}${originWords(playspec)}.\n`,
  );
}
