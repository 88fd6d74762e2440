import type { Snapshot, SnapshotFailure } from '@playhouse/contract/snapshot';
import { costWords } from '../../output/cost-words.ts';
import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderFields, renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { snapshotIdOf } from './snapshot-id-of.ts';

/** `playhouse snapshot show` */
export async function showSnapshot(
  context: Context,
  input: { readonly snapshot: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { snapshot: await snapshotIdOf(client, input.snapshot) };
  const { snapshot } = await client('snapshot.get', { parameters });
  await print(context, snapshot, () => render(snapshot, context.now()));
}

function render(snapshot: Snapshot, now: number): string {
  const { offloadedAt, offloadFailure, verifiedAt, verifyFailure } = snapshot;
  const offloaded = offloadedAt === null ? 'not yet' : formatAge(offloadedAt, now);
  const verified = verifiedAt === null ? 'never' : formatAge(verifiedAt, now);
  const fields = renderFields([
    ['Id', snapshot.id],
    ['Of', snapshot.playgroundName],
    ['Made by', snapshot.origin],
    ['Made', formatAge(snapshot.createdAt, now)],
    ['After', snapshot.parentId ?? '-'],
    ...(snapshot.machines.length === 0
      ? []
      : ([['Memory', snapshot.memory ? 'yes' : 'no: its machines boot']] as const)),
    ...(snapshot.savedAs === null ? [] : ([['Playspec', snapshot.savedAs]] as const)),
    ['Costs', costWords(snapshot.cost)],
    ['In vault', offloadFailure === null ? offloaded : `no: ${failureWords(offloadFailure, now)}`],
    [
      'Verified',
      verifyFailure === null
        ? verified
        : `failed: ${failureWords(verifyFailure, now)}; found right before: ${verified}`,
    ],
  ]);
  const rows = snapshot.machines.flatMap(({ name, drives, memory }) => [
    ...drives.map(({ device, layers }) => [name, device, layers.join(' → ') || 'base only']),
    ...(memory === null ? [] : [[name, 'memory', memory]]),
  ]);
  const folders = [
    ...snapshot.volumes.map(({ name, layer }) => [name, 'volume', layer]),
    ...snapshot.checkouts.map(({ service, layer }) => [service, 'checkout', layer]),
  ];
  return [
    fields,
    ...(rows.length === 0 ? [] : [renderTable(['machine', 'what', 'layers'], rows)]),
    ...(folders.length === 0 ? [] : [renderTable(['name', 'what', 'layer'], folders)]),
  ].join('\n');
}

function failureWords({ message, hint, at, retryAt }: SnapshotFailure, now: number): string {
  const again = retryAt === null ? '' : `; tried again at ${retryAt}`;
  return `${message} ${hint} (${formatAge(at, now)}${again})`;
}
