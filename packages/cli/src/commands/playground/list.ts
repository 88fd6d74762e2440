import type { Playground } from '@playhouse/contract/playground';
import { formatAge, formatTimeLeft } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground list` */
export async function listPlaygrounds(
  context: Context,
  input: { readonly all: boolean },
): Promise<undefined> {
  const { client } = await context.connect();
  const { playgrounds } = await client('playground.list', input.all ? { query: { all: 'true' } } : {});
  await print(context, playgrounds, () =>
    playgrounds.length === 0 ? none : render(playgrounds, context.now()),
  );
}

const none = 'No playgrounds yet. Start one with: playhouse playground start debian\n';

function render(playgrounds: readonly Playground[], now: number): string {
  const rows = playgrounds.map((playground) => [
    String(playground.number),
    playground.name,
    playground.title,
    playground.playspec.name,
    playground.owner,
    playground.status,
    `${playground.machines.filter(({ state }) => state === 'running').length}/${playground.machines.length}`,
    formatAge(playground.createdAt, now),
    // A server of the version before does not say.
    playground.expiresAt ? formatTimeLeft(playground.expiresAt, now) : '-',
  ]);
  const head = ['no', 'name', 'title', 'playspec', 'owner', 'status', 'machines', 'created', 'expires'];
  return renderTable(head, rows);
}
