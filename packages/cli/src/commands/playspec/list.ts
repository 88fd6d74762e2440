import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { ownerWord } from './owner-word.ts';

export interface ListInput {
  readonly category: string | undefined;
  readonly mine: boolean;
}

/** `playhouse playspec list` */
export async function listPlayspecs(context: Context, input: ListInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playspecs } = await client('playspec.list', {
    query: { category: input.category, ...(input.mine ? { mine: 'true' } : {}) },
  });
  await print(context, playspecs, () => {
    if (playspecs.length === 0) return none;
    const rows = playspecs.map((playspec) => [
      playspec.name,
      playspec.title,
      playspec.categories.join(', '),
      String(playspec.version),
      ownerWord(playspec),
    ]);
    return renderTable(['name', 'title', 'categories', 'version', 'owner'], rows);
  });
}

const none = 'No such playspecs. Make one with: playhouse playspec create --base flexbox NAME -f FILE\n';
