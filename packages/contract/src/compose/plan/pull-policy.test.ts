import { expect, test } from 'vitest';
import { pullPolicyOf, refreshSetAside } from './pull-policy.ts';

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

test('policies of refreshing are set aside from what Docker Compose reads, and come back', () => {
  const refreshed = { image: 'x', pull_policy: 'refresh', pull_refresh_after: '2d' };
  const compiled = { services: { a: refreshed, b: { image: 'y', pull_policy: 'always' } }, volumes: {} };
  const aside = refreshSetAside(compiled) as typeof compiled;
  expect(aside).toMatchObject({ services: { b: compiled.services.b }, volumes: {} });
  expect(Object.keys(aside.services.a).filter((field) => !field.startsWith('x-'))).toEqual(['image']);
  expect(pullPolicyOf(aside.services.a)).toEqual({ refreshMs: 2 * 86_400_000 });
  expect(refreshSetAside(null)).toBeNull();
});
