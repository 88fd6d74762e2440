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

/** How many of its parts run: machines, or services. Those that are done have run as they should. */
function running({ kind, machines, services }: Playground): string {
  if (kind !== 'compose')
    return `${machines.filter(({ state }) => state === 'running').length}/${machines.length}`;
  return `${services.filter(({ state }) => state === 'running' || state === 'done').length}/${services.length}`;
}

/** Of a job that is over, what came of it. */
function statusWords({ suspended, status, result }: Playground): string {
  if (suspended) return 'suspended';
  return status === 'completed' && result === 'failed' ? 'completed, failed' : status;
}

function render(playgrounds: readonly Listed[], now: number): string {
  // Where all are of machines, as they are by default, the column would say nothing.
  const withKind = playgrounds.some(({ kind }) => kind === 'compose');
  const rows = playgrounds.map((playground) => [
    String(playground.number),
    playground.name,
    playground.title,
    playground.playspec.name,
    ...(withKind ? [playground.kind] : []),
    playground.owner,
    statusWords(playground),
    running(playground),
    formatAge(playground.createdAt, now),
    // A server of the version before does not say.
    playground.expiresAt ? formatTimeLeft(playground.expiresAt, now) : '-',
    ...costColumns(playground.cost ?? undefined),
  ]);
  const head = [
    'no',
    'name',
    'title',
    'playspec',
    ...(withKind ? ['kind'] : []),
    'owner',
    'status',
    'running',
  ];
  return renderTable([...head, 'created', 'expires', 'own', 'shared'], rows);
}
