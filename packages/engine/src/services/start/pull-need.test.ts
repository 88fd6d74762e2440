import { expect, test } from 'vitest';
import { pullNeed, type PullQuestion } from './pull-need.ts';

const hour = 3_600_000;
const now = 1_000 * hour;
const need = (more: Partial<PullQuestion>) =>
  pullNeed({
    ...{ policy: 'missing', platform: null, hostPlatform: 'linux/amd64', way: 'usual', now },
    here: { id: 'i', platform: 'linux/amd64', since: now - 2 * hour, digests: [] },
    ...more,
  });
const ways = ['usual', 'anew', 'heal'] as const;

test('what is not here is pulled whatever the operation, unless it never is to be', () => {
  for (const way of ways) {
    for (const policy of ['missing', 'always', { refreshMs: hour }] as const)
      expect(need({ way, policy, here: null })).toBe('need');
    expect(need({ way, policy: 'never', here: null })).toBe('absent');
  }
});

test('what is here is left alone, but for `always`, for what is too old, and where all is made anew', () => {
  const policies = ['missing', 'never', 'always', { refreshMs: hour }, { refreshMs: 3 * hour }] as const;
  const needs = (way: PullQuestion['way']) => policies.map((policy) => need({ way, policy }));
  expect(needs('usual')).toEqual(['leave', 'leave', 'need', 'try', 'leave']);
  expect(needs('anew')).toEqual(['try', 'leave', 'need', 'try', 'try']);
  expect(needs('heal')).toEqual(['leave', 'leave', 'leave', 'leave', 'leave']);
  const ageless = { id: 'i', platform: 'linux/amd64', since: null, digests: [] };
  expect(need({ policy: { refreshMs: hour }, here: ageless })).toBe('try');
});

test('an image for another platform than the service asks for is as good as none', () => {
  for (const way of ways) {
    expect(need({ way, platform: 'linux/arm64' })).toBe('need');
    expect(need({ way, platform: 'x86_64' })).toBe(need({ way }));
    expect(need({ way, platform: 'arm64', policy: 'never' })).toBe('absent');
  }
});

test('one that somebody else pulled for another platform is not run where nothing is said, if another can be had', () => {
  const here = { id: 'i', platform: 'linux/arm64/v8', since: null, digests: [] };
  expect(need({ here })).toBe('try');
  expect(need({ here, way: 'heal' })).toBe('leave');
  expect(need({ here, policy: 'never' })).toBe('leave');
  expect(need({ here, hostPlatform: 'linux/arm64' })).toBe('leave');
});
