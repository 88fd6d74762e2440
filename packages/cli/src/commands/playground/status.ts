import type { Playground } from '@playhouse/contract/playground';
import { formatAge } from '../../output/duration.ts';
import { machineTable } from '../../output/machine-table.ts';
import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import { describeExpiry } from './lifetime.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground status` */
export async function showPlayground(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { playground } = await client('playground.get', { parameters: input });
  await print(context, playground, () => render(playground, context.now()));
}

function render(playground: Playground, now: number): string {
  const { error } = playground;
  const fields = renderFields([
    ['Name', playground.name],
    ['Title', playground.title],
    ['Id', playground.id],
    ['Playspec', `${playground.playspec.name}, version ${playground.playspec.version}`],
    ['Owner', playground.owner],
    ['Status', playground.status],
    ['Created', formatAge(playground.createdAt, now)],
    ['Expires', describeExpiry(playground, now)],
    ['Operation', playground.operationId],
    ...(error === null
      ? []
      : ([
          ['Failed at', error.step ?? 'unknown step'],
          ['Error', error.message.replaceAll('\n', '\n    ')],
          ['Hint', error.hint],
        ] as const)),
  ]);
  return playground.machines.length === 0 ? fields : `${fields}\n${machineTable(playground.machines)}`;
}
