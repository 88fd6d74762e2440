import type { Database } from './schema.ts';

/** Lines kept per operation; the oldest go first. */
export const logLineLimit = 5000;

/** Characters kept of one line. */
const lineLength = 4000;

export interface LogLine {
  readonly number: number;
  readonly at: string;
  readonly text: string;
}

/** Appends lines to an operation's log, numbered from 1. Returns false when there is no such operation. */
export async function appendLog(
  database: Database,
  operationId: string,
  lines: readonly string[],
  at: string,
): Promise<boolean> {
  const row = await database
    .updateTable('operations')
    .set((expression) => ({ log_count: expression('log_count', '+', lines.length) }))
    .where('id', '=', operationId)
    .returning('log_count')
    .executeTakeFirst();
  if (row === undefined) return false;
  const first = row.log_count - lines.length + 1;
  const rows = lines.map((text, index) => ({
    operation_id: operationId,
    number: first + index,
    at,
    text: text.slice(0, lineLength),
  }));
  const kept = rows.slice(-logLineLimit);
  for (let start = 0; start < kept.length; start += 500) {
    await database
      .insertInto('operation_logs')
      .values(kept.slice(start, start + 500))
      .execute();
  }
  await database
    .deleteFrom('operation_logs')
    .where('operation_id', '=', operationId)
    .where('number', '<=', row.log_count - logLineLimit)
    .execute();
  return true;
}

/** The kept lines numbered above `after`, oldest first; the first `limit` of them. */
export async function readLog(
  database: Database,
  operationId: string,
  after: number,
  limit = logLineLimit,
): Promise<LogLine[]> {
  return database
    .selectFrom('operation_logs')
    .select(['number', 'at', 'text'])
    .where('operation_id', '=', operationId)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
}
