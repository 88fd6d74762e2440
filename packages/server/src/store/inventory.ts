import { type Inventory, inventorySchema } from '@playhouse/contract/link/report';
import type { Database } from './schema.ts';

/** The one engine of an installation; many engines get a row each later. */
const engine = 'engine';

export interface KnownInventory {
  readonly version: string;
  readonly inventory: Inventory;
}

/** Remembers what the engine said it has, so that it can be read while the engine is away. */
export async function saveInventory(database: Database, known: KnownInventory, at: string): Promise<void> {
  const values = { version: known.version, inventory: JSON.stringify(known.inventory), updated_at: at };
  await database
    .insertInto('inventory')
    .values({ engine, ...values })
    .onConflict((conflict) => conflict.column('engine').doUpdateSet(values))
    .execute();
}

/** What the engine said last, or null when none was ever connected (or said it in a form of another version). */
export async function findInventory(database: Database): Promise<KnownInventory | null> {
  const row = await database
    .selectFrom('inventory')
    .selectAll()
    .where('engine', '=', engine)
    .executeTakeFirst();
  if (row === undefined) return null;
  const inventory = inventorySchema.safeParse(JSON.parse(row.inventory));
  return inventory.success ? { version: row.version, inventory: inventory.data } : null;
}
