import { expect, test } from 'vitest';
import { playgroundStatuses } from '../playground-status.ts';
import { errorCatalogue } from './catalogue.ts';
import { wrongState } from './wrong-state.ts';

const hintOf = (status: (typeof playgroundStatuses)[number]) =>
  wrongState({ name: 'shop', status }, 'rolled out').hint;

test('a refusal says what can be done with a playground of that status', () => {
  const retried = playgroundStatuses.filter((status) => hintOf(status).includes('retry shop'));
  const restarted = playgroundStatuses.filter((status) => hintOf(status).includes('restart shop'));
  const awaited = playgroundStatuses.filter((status) => hintOf(status).includes('Wait for its operation'));
  expect([retried, restarted, awaited]).toEqual([
    ['error'],
    ['stopped'],
    ['pending', 'in_progress', 'stopping'],
  ]);
  expect(hintOf('destroyed')).toMatch(/another one/);
});

test('it says what was asked for, and of what', () => {
  const { code, message } = wrongState({ name: 'shop', status: 'stopped' }, 'rolled out');
  expect([code, message]).toEqual([
    'playground-state',
    'Playground shop is stopped; it cannot be rolled out now.',
  ]);
});

test('what rollouts fail with as well does not send anybody to a retry, which only what is in error can have', () => {
  for (const code of ['services-not-healthy', 'host-port-taken', 'repository-failed', 'cancelled'] as const)
    expect(errorCatalogue[code].hint).not.toContain('retry');
});
