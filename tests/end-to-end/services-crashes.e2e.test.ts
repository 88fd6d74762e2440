// Whatever dies in the middle of what is done to a Compose playground, and whenever it is cancelled: it comes to its end or can be done
// again, what ran before serves meanwhile, and nothing is left. All steps are gone through in tests/long/services-steps.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SiteAction, siteActions, SiteLife, stepLabels } from './support/site-life.ts';

let site: SiteLife;

beforeAll(async () => void (site = await SiteLife.prepare()), 200_000);
afterAll(async () => await site[Symbol.asyncDispose](), 120_000);

/** What goes wrong, and in what. */
const ways = [
  { name: 'the engine dies in the last step of each operation', way: 'engineDies', actions: siteActions },
  {
    name: 'the server dies in the last step of a start, a rollout and a destruction',
    way: 'serverDies',
    actions: ['start', 'rollout', 'destroy'],
  },
  { name: 'Docker dies in the last step of each operation', way: 'dockerDies', actions: siteActions },
  { name: 'each operation is cancelled in its last step', way: 'isCancelled', actions: siteActions },
] as const satisfies { actions: readonly SiteAction[]; name: string; way: string }[];

test.each(ways)(
  '$name',
  async ({ way, actions }) => {
    const affected: readonly SiteAction[] = actions;
    await site.live(async (action) => {
      await (affected.includes(action)
        ? site[way](action, stepLabels(action).at(-1) ?? '')
        : site.do(action));
    });
    expect(await site.ground.leftovers()).toEqual([]);
  },
  300_000,
);
