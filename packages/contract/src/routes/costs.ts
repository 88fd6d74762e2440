import { z } from 'zod';
import { costSchema } from '../snapshot.ts';

/** Costs are asked of the playroom, so a list has them only for who wants them. */
export const costsQuery = z.object({
  costs: z.stringbool().default(false).describe('Also what each costs on the playroom’s disk'),
});

/** What the things of a list cost: playgrounds by their ids, playspecs by `name@version`. */
export const costsOfMany = z
  .record(z.string(), costSchema)
  .nullable()
  .default(null)
  .describe('By id, or `name@version`; null when they were not asked for, or the playroom does not answer');
