import type { Playground } from '@playhouse/contract/playground';
import type { Cost } from '@playhouse/contract/snapshot';
import { costWords } from '../../output/cost-words.ts';
import { formatAge } from '../../output/duration.ts';
import { machineTable } from '../../output/machine-table.ts';
import { print } from '../../output/print.ts';
import { serviceTable } from '../../output/service-table.ts';
import { renderFields } from '../../output/table.ts';
import { describeExpiry } from './lifetime.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground status` */
export async function showPlayground(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, cost } = await client('playground.get', {
    parameters: { playground: input.playground },
    query: { costs: 'true' },
  });
  // A server of the version before does not say.
  const shown = { ...playground, cost: cost ?? null };
  await print(context, shown, () => render(playground, shown.cost, context.now()));
}

function render(playground: Playground, cost: Cost | null, now: number): string {
  const { error, forkedFrom, snapshotId } = playground;
  const fields = renderFields([
    ['Name', playground.name],
    ['Title', playground.title],
    ['Id', playground.id],
    ['Playspec', `${playground.playspec.name}, version ${playground.playspec.version}`],
    ['Owner', playground.owner],
    ['Status', playground.suspended ? 'stopped, with its memory kept' : playground.status],
    ...(playground.result ? ([['Result', playground.result]] as const) : []),
    ['Created', formatAge(playground.createdAt, now)],
    ['Expires', describeExpiry(playground, now)],
    ...(forkedFrom ? ([['Forked from', forkedFrom.playgroundName]] as const) : []),
    ...(snapshotId ? ([['Snapshot', snapshotId]] as const) : []),
    ...(cost === null ? [] : ([['Costs', costWords(cost)]] as const)),
    ['Operation', playground.operationId],
    ...(error === null
      ? []
      : ([
          ['Failed at', error.step ?? 'unknown step'],
          ['Error', error.message.replaceAll('\n', '\n    ')],
          ['Hint', error.hint],
        ] as const)),
  ]);
  if (playground.kind === 'compose') return `${fields}\n${serviceTable(playground.services)}`;
  return playground.machines.length === 0 ? fields : `${fields}\n${machineTable(playground.machines)}`;
}
