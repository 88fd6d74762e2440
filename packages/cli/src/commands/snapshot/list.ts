import type { Snapshot } from '@playhouse/contract/snapshot';
import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse snapshot list` */
export async function listSnapshots(
  context: Context,
  input: { readonly playground: string | undefined },
): Promise<undefined> {
  const { client } = await context.connect();
  const { playground } = input;
  const query = playground === undefined ? {} : { playground };
  const { snapshots } = await client('snapshot.list', { query });
  await print(context, snapshots, () => (snapshots.length === 0 ? none : render(snapshots, context.now())));
}

const none = 'No snapshots yet. Make one with: playhouse playground snapshot PLAYGROUND\n';

function render(snapshots: readonly Snapshot[], now: number): string {
  const age = (instant: string | null): string => (instant === null ? '-' : formatAge(instant, now));
  const rows = snapshots.map((snapshot) => [
    snapshot.id,
    snapshot.playgroundName,
    snapshot.origin,
    snapshot.memory ? 'yes' : '-',
    snapshot.savedAs ?? '-',
    age(snapshot.createdAt),
    formatSize(snapshot.cost.uniqueBytes),
    formatSize(snapshot.cost.sharedBytes),
    snapshot.offloadFailure === null ? age(snapshot.offloadedAt) : 'failed',
    snapshot.verifyFailure === null ? age(snapshot.verifiedAt) : 'failed',
  ]);
  const head = ['id', 'of', 'made by', 'memory', 'playspec', 'made', 'own', 'shared', 'in vault', 'verified'];
  return renderTable(head, rows);
}
