import { expect, test } from 'vitest';
import { mapServices, pullPolicyOf, withoutRefresh, withRefresh } from './pull-policy.ts';

test('each policy of Docker Compose means what it means there', () => {
  const day = 86_400_000;
  const policies: Record<string, ReturnType<typeof pullPolicyOf>> = {
    ...{ always: 'always', missing: 'missing', if_not_present: 'missing', never: 'never', build: 'never' },
    ...{ daily: { refreshMs: day }, weekly: { refreshMs: 7 * day }, every_12h: { refreshMs: day / 2 } },
    ...{ every_1w2d: { refreshMs: 9 * day }, every_1h30m5s: { refreshMs: 5_405_000 } },
  };
  for (const [written, policy] of Object.entries(policies))
    expect([written, pullPolicyOf({ pull_policy: written })]).toEqual([written, policy]);
  expect(pullPolicyOf({ pull_policy: 'refresh', pull_refresh_after: '3d' })).toEqual({ refreshMs: 3 * day });
});

test('without one, or with one that is none, what is missing is pulled', () => {
  for (const service of [
    {},
    { pull_policy: 'refresh' },
    { pull_policy: 'every_' },
    { pull_policy: 'every_5y' },
  ])
    expect(pullPolicyOf(service)).toBe('missing');
});

test('what is said of refreshing is kept from Docker Compose, and is there again once it has rendered, also of what extends', () => {
  const compiled = {
    services: {
      base: { image: 'x', pull_policy: 'refresh', pull_refresh_after: '2d' },
      own: { extends: { service: 'base' } },
      always: { extends: 'base', pull_policy: 'always', pull_refresh_after: '1h' },
      plain: { image: 'y' },
    },
  };
  const seen = mapServices(compiled, withoutRefresh);
  expect(seen).toEqual({
    services: {
      base: { image: 'x' },
      own: { extends: { service: 'base' } },
      always: { extends: 'base', pull_policy: 'always' },
      plain: { image: 'y' },
    },
  });
  const { services } = withRefresh(seen, compiled) as typeof compiled;
  expect(Object.values(services).map(pullPolicyOf)).toEqual([
    { refreshMs: 2 * 86_400_000 },
    { refreshMs: 2 * 86_400_000 },
    'always',
    'missing',
  ]);
});
