import type { Database } from './schema.ts';

/** `placement` counts nothing: taking it serialises those who decide on capacity. */
export type CounterName = 'playground' | 'operation' | 'command' | 'placement';

/**
 * The next value of a counter, from 1; never given twice. Inside a transaction it holds the counter until the commit, so
 * values become visible in their order.
 */
export async function nextCount(database: Database, name: CounterName): Promise<number> {
  const row = await database
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((expression) => ({ value: expression('counters.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}
