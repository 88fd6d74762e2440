// The engine dies, the server dies, Docker dies, and each operation on a Compose playground is cancelled, at each of its steps.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SiteLife, siteActions, stepLabels } from '../end-to-end/support/site-life.ts';

const longest = Math.max(...siteActions.map((action) => stepLabels(action).length));

describe.each(['caddy', 'traefik'] as const)('behind %s', (proxy) => {
  let site: SiteLife;

  beforeAll(async () => void (site = await SiteLife.prepare({ proxy })), 200_000);
  afterAll(async () => await site[Symbol.asyncDispose](), 120_000);

  test.each(['engineDies', 'serverDies', 'dockerDies', 'isCancelled'] as const)(
    '%s at each step of each operation',
    async (way) => {
      for (let turn = 0; turn < longest; turn++) {
        await site.live(async (action) => {
          const label = stepLabels(action)[turn];
          await (label === undefined ? site.do(action) : site[way](action, label));
        });
      }
      expect(await site.ground.leftovers()).toEqual([]);
    },
    1_200_000,
  );
});
