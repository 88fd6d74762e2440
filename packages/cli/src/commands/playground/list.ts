import type { Playground } from '@playhouse/contract/playground';
import type { Cost } from '@playhouse/contract/snapshot';
import { costColumns } from '../../output/cost-words.ts';
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
  const query = { costs: 'true', ...(input.all ? { all: 'true' } : {}) };
  const { playgrounds, costs } = await client('playground.list', { query });
  const listed = playgrounds.map((playground) => ({ ...playground, cost: costs?.[playground.id] ?? null }));
  await print(context, listed, () => (listed.length === 0 ? none : render(listed, context.now())));
}

type Listed = Playground & { readonly cost: Cost | null };

const none = 'No playgrounds yet. Start one with: playhouse playground start debian\n';

function render(playgrounds: readonly Listed[], now: number): string {
  const rows = playgrounds.map((playground) => [
    String(playground.number),
    playground.name,
    playground.title,
    playground.playspec.name,
    playground.owner,
    playground.suspended ? 'suspended' : playground.status,
    `${playground.machines.filter(({ state }) => state === 'running').length}/${playground.machines.length}`,
    formatAge(playground.createdAt, now),
    // A server of the version before does not say.
    playground.expiresAt ? formatTimeLeft(playground.expiresAt, now) : '-',
    ...costColumns(playground.cost ?? undefined),
  ]);
  const head = ['no', 'name', 'title', 'playspec', 'owner', 'status', 'machines', 'created', 'expires'];
  return renderTable([...head, 'own', 'shared'], rows);
}
