import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { showNotes } from '../../output/notes.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { readManifest } from './read-manifest.ts';

export interface UpdateInput {
  readonly playspec: string;
  readonly file: string | undefined;
  readonly quiet: boolean;
}

/** `playhouse playspec update` */
export async function updatePlayspec(context: Context, input: UpdateInput): Promise<undefined> {
  const { playspec: name, file } = input;
  if (file === undefined) {
    const detail = 'Name the file with the new manifest: -f FILE, or -f - for standard input.';
    throw new PlayhouseError('usage', { detail, command: 'playspec update' });
  }
  const body = await readManifest(context, file);
  const { client } = await context.connect();
  const { playspec, notes } = await client('playspec.update', { parameters: { name }, body });
  if (input.quiet) {
    context.stdout.write(`${playspec.name}\n`);
    return;
  }
  showNotes(context, notes);
  await print(context, { playspec, notes }, () => `${name} is at version ${playspec.version}.\n`);
}
