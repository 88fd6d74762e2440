import type { Playspec } from '@playhouse/contract/playspec';
import { costColumns } from '../../output/cost-words.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { kindWord } from './kind-word.ts';
import { ownerWord } from './owner-word.ts';
import { startWord } from './start-word.ts';

export interface ListInput {
  readonly category: string | undefined;
  readonly mine: boolean;
}

/** `playhouse playspec list` */
export async function listPlayspecs(context: Context, input: ListInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playspecs, costs } = await client('playspec.list', {
    query: { category: input.category, costs: 'true', ...(input.mine ? { mine: 'true' } : {}) },
  });
  const costOf = ({ name, version }: Playspec) => costs?.[`${name}@${version}`];
  const listed = playspecs.map((playspec) => ({ ...playspec, cost: costOf(playspec) ?? null }));
  await print(context, listed, () => {
    if (playspecs.length === 0) return none;
    const rows = playspecs.map((playspec) => [
      playspec.name,
      kindWord(playspec),
      playspec.title,
      playspec.categories.join(', '),
      String(playspec.version),
      ownerWord(playspec),
      startWord(playspec),
      ...costColumns(costOf(playspec)),
    ]);
    return renderTable(
      ['name', 'kind', 'title', 'categories', 'version', 'owner', 'starts', 'own', 'shared'],
      rows,
    );
  });
}

const none =
  'No such playspecs. Make one with: playhouse playspec create --base flexbox NAME -f FILE, or from a Compose file: playhouse playspec create NAME -f compose.yaml\n';
