// Whatever dies in the middle of what is done to a Compose playground, and whenever it is cancelled: it comes to its end or can be done
// again, what ran before serves meanwhile, and nothing is left. All steps are gone through in tests/long/services-steps.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SiteLife, stepLabels } from './support/site-life.ts';

let site: SiteLife;

beforeAll(async () => void (site = await SiteLife.prepare()), 200_000);
afterAll(async () => await site[Symbol.asyncDispose](), 120_000);

const ways = {
  'the engine dies': 'engineDies',
  'Docker dies': 'dockerDies',
  'each is cancelled': 'isCancelled',
} as const;

test.each(Object.entries(ways))(
  '%s in the last step of each operation',
  async (_, way) => {
    await site.live(async (action) => await site[way](action, stepLabels(action).at(-1) ?? ''));
    expect(await site.ground.leftovers()).toEqual([]);
  },
  300_000,
);
