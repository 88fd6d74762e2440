import { expect, test } from 'vitest';
import { parsedCompose } from '../testing/compose-text.ts';

test.each([
  ['{ test: [CMD, up] }', true],
  ['{ test: up }', true],
  ['{ test: [CMD-SHELL, up], interval: 1s }', true],
  ['{ test: [NONE] }', false],
  ['{ interval: 5s }', false],
  ['{ disable: true }', false],
])('a health check that checks nothing is none that a rollout could wait for: %s', (healthcheck, checks) => {
  const { plan } = parsedCompose(`services: { web: { image: x, healthcheck: ${healthcheck} } }`);
  expect(plan.services[0]?.dockerHealthCheck).toBe(checks);
});
