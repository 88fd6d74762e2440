import {
  type Operation,
  type OperationStatus,
  hasEnded,
  operationStatuses,
} from '@playhouse/contract/operation';
import type { Selectable } from 'kysely';
import { nextCount } from './counters.ts';
import type { Database, OperationTable } from './schema.ts';

/** An operation with what only the store needs: the revision of the engine's last report. */
export interface StoredOperation extends Operation {
  readonly revision: number;
}

export interface OperationFilter {
  readonly limit: number;
  readonly playgroundId?: string | undefined;
  /** Those on the playgrounds of this user only. */
  readonly owner?: string | undefined;
}

/** What an operation on a playground can be about; the subject’s id is the playground’s in either case. */
const onPlayground: readonly Operation['subject']['kind'][] = ['playground', 'machine'];

const activeStatuses: readonly OperationStatus[] = operationStatuses.filter((status) => !hasEnded(status));

/** Adds a new operation. */
export async function addOperation(database: Database, operation: Operation): Promise<void> {
  const number = await nextCount(database, 'operation');
  await database
    .insertInto('operations')
    .values({
      id: operation.id,
      number,
      kind: operation.kind,
      subject_kind: operation.subject.kind,
      subject_id: operation.subject.id,
      subject_name: operation.subject.name,
      revision: 0,
      log_count: 0,
      created_at: operation.createdAt,
      ...changing(operation),
    })
    .execute();
}

/** Saves what can change of an operation. */
export async function saveOperation(database: Database, operation: StoredOperation): Promise<void> {
  await database
    .updateTable('operations')
    .set({ ...changing(operation), revision: operation.revision })
    .where('id', '=', operation.id)
    .execute();
}

export async function findOperation(database: Database, id: string): Promise<StoredOperation | null> {
  const row = await database.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toOperation(row);
}

/** Operations, newest first. */
export async function listOperations(
  database: Database,
  filter: OperationFilter,
): Promise<readonly Operation[]> {
  let query = database.selectFrom('operations').selectAll().orderBy('number', 'desc').limit(filter.limit);
  if (filter.playgroundId !== undefined) {
    query = query.where('subject_kind', 'in', onPlayground).where('subject_id', '=', filter.playgroundId);
  }
  const { owner } = filter;
  if (owner !== undefined) {
    query = query
      .where('subject_kind', 'in', onPlayground)
      .where('subject_id', 'in', ({ selectFrom }) =>
        selectFrom('playgrounds').select('id').where('owner', '=', owner),
      );
  }
  return (await query.execute()).map((row) => withoutRevision(toOperation(row)));
}

/** The operations on a subject that have not ended, oldest first. Those on its machines are none of a playground’s. */
export async function activeOperations(
  database: Database,
  subject: Pick<Operation['subject'], 'kind' | 'id'>,
): Promise<readonly StoredOperation[]> {
  return await activeOf(database, [subject.kind], subject.id);
}

/** Whether anybody waits for a playground that starts, or goes on. */
export async function isStarting(database: Database): Promise<boolean> {
  const row = await database
    .selectFrom('operations')
    .select('id')
    .where('kind', 'in', ['playground.start', 'playground.restart', 'playground.rewind'])
    .where('status', 'in', activeStatuses)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The operations on a playground or on machines of it that have not ended, oldest first. */
export async function activeOnPlayground(
  database: Database,
  playgroundId: string,
): Promise<readonly StoredOperation[]> {
  return await activeOf(database, onPlayground, playgroundId);
}

async function activeOf(
  database: Database,
  kinds: readonly Operation['subject']['kind'][],
  id: string,
): Promise<readonly StoredOperation[]> {
  const rows = await database
    .selectFrom('operations')
    .selectAll()
    .where('subject_kind', 'in', kinds)
    .where('subject_id', '=', id)
    .where('status', 'in', activeStatuses)
    .orderBy('number')
    .execute();
  return rows.map(toOperation);
}

/** When the latest operation of a kind was accepted; of any kind, the first one. Null when there is none. */
export async function drilledSince(database: Database, kind: Operation['kind']): Promise<string | null> {
  const operations = database.selectFrom('operations').select('created_at').limit(1);
  const latest = await operations.where('kind', '=', kind).orderBy('number', 'desc').executeTakeFirst();
  const since = latest ?? (await operations.orderBy('number').executeTakeFirst());
  return since?.created_at ?? null;
}

/** The operation as the API shows it. */
export function withoutRevision({ revision: _revision, ...operation }: StoredOperation): Operation {
  return operation;
}

function changing(operation: Operation) {
  return {
    status: operation.status,
    steps: JSON.stringify(operation.steps),
    error: operation.error === null ? null : JSON.stringify(operation.error),
    updated_at: operation.updatedAt,
    ended_at: operation.endedAt,
  };
}

function toOperation(row: Selectable<OperationTable>): StoredOperation {
  return {
    id: row.id,
    kind: row.kind as Operation['kind'],
    subject: {
      kind: row.subject_kind as Operation['subject']['kind'],
      id: row.subject_id,
      name: row.subject_name,
    },
    status: row.status as OperationStatus,
    steps: JSON.parse(row.steps) as Operation['steps'],
    error: row.error === null ? null : (JSON.parse(row.error) as Operation['error']),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    endedAt: row.ended_at,
    revision: row.revision,
  };
}
