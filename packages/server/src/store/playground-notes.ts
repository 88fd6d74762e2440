// What became of a playground without an operation, line by line: part of the log of its life cycle.
import type { Database } from './schema.ts';
import type { LogLine } from './operation-logs.ts';

/** Lines kept per playground; the oldest go first. */
export const noteLimit = 500;

/** Characters kept of one line. */
const lineLength = 4000;

/** Adds lines to those of a playground, numbered from 1. In a transaction. */
export async function appendNotes(
  database: Database,
  playgroundId: string,
  lines: readonly string[],
  at: string,
): Promise<void> {
  if (lines.length === 0) return;
  const last = await database
    .selectFrom('playground_notes')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('playground_id', '=', playgroundId)
    .executeTakeFirst();
  const before = last?.number ?? 0;
  const rows = lines.map((text, index) => ({
    ...{ playground_id: playgroundId, number: before + index + 1, at },
    text: text.slice(0, lineLength),
  }));
  await database.insertInto('playground_notes').values(rows).execute();
  await database
    .deleteFrom('playground_notes')
    .where('playground_id', '=', playgroundId)
    .where('number', '<=', before + rows.length - noteLimit)
    .execute();
}

/** The kept lines numbered above `after`, oldest first; with `until` those from before that instant. */
export async function readNotes(
  database: Database,
  playgroundId: string,
  after: number,
  until: string | null = null,
): Promise<LogLine[]> {
  const query = database
    .selectFrom('playground_notes')
    .select(['number', 'at', 'text'])
    .where('playground_id', '=', playgroundId)
    .where('number', '>', after)
    .orderBy('number');
  return await (until === null ? query : query.where('at', '<', until)).execute();
}
