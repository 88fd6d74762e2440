import type { PlayspecPage } from '@playhouse/contract/playspec';
import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { kindWord } from './kind-word.ts';
import { ownerWord } from './owner-word.ts';

export interface VersionInput {
  readonly playspec: string;
  readonly version: number | undefined;
}

/** `playhouse playspec show` */
export async function showPlayspec(context: Context, input: VersionInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playspec } = await client('playspec.get', {
    parameters: { name: input.playspec },
    query: { version: input.version },
  });
  await print(context, playspec, () => render(playspec, context.now()));
}

function render(playspec: PlayspecPage, now: number): string {
  const { canList, canRead, canStart } = playspec.accessControl;
  const fields = renderFields([
    ['Name', playspec.name],
    ['Kind', kindWord(playspec)],
    ['Title', playspec.title],
    ['Version', `${playspec.version}, made ${formatAge(playspec.updatedAt, now)}`],
    ['Owner', ownerWord(playspec)],
    ['Base', playspec.base ?? '-'],
    ...origin(playspec),
    ['Categories', playspec.categories.join(', ')],
    ...(playspec.cover === null ? [] : ([['Cover', playspec.cover]] as const)),
    ['Listed to', canList.join(', ')],
    ['Read by', canRead.join(', ')],
    ['Started by', canStart.join(', ')],
    ...beginnings(playspec),
  ]);
  const texts = [playspec.description, playspec.markdown].map((text) => text.trim());
  return [fields.trimEnd(), ...texts.filter((text) => text !== '')].join('\n\n') + '\n';
}

/** Where its Compose file was taken from. A server of the version before does not say. */
function origin({ origin: from }: PlayspecPage): readonly (readonly [string, string])[] {
  if (!from) return [];
  return [
    ['Repository', from.repository],
    ['Branch', from.branch ?? 'the default one'],
    ['Commit', from.commit],
    ['File', from.path],
  ];
}

/** What its playgrounds begin with, when that is more than a manifest. */
function beginnings({ saved, prewarm }: PlayspecPage): readonly (readonly [string, string])[] {
  const making = saved?.state === 'making' ? ', being saved' : '';
  const memory = saved?.memory === true ? ', with memory' : '';
  return [
    ...(saved ? ([['Begins with', `snapshot ${saved.snapshotId}${memory}${making}`]] as const) : []),
    ...(prewarm ? ([['Prewarming', prewarmWords[prewarm.state]]] as const) : []),
    ...(prewarm?.spare ? ([['Spare copy', spareWords[prewarm.spare.state]]] as const) : []),
    ...(prewarm?.error
      ? ([
          ['Error', prewarm.error.message],
          ['Hint', prewarm.error.hint],
        ] as const)
      : []),
  ];
}

const prewarmWords = {
  making: 'under way; starts boot until it is ready',
  ready: 'ready: starts go on from there',
  stale: 'out of date; it is made anew as soon as there is room',
  failed: 'failed; starts boot',
} as const;

const spareWords = {
  waiting: 'waits for the prewarming, for memory that nobody needs, or for others to start',
  making: 'under way',
  ready: 'stands by: the next start takes it over',
  failed: 'failed; tried again later, starts go on from memory meanwhile',
} as const;
