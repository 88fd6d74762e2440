import { operationKinds, operationStatuses } from '@playhouse/contract/operation';
import {
  nextStatus,
  playgroundEvents,
  type PlaygroundStatus,
  playgroundStatuses,
} from '@playhouse/contract/playground-status';
import { constantFrom, assert, oneof, property, record, array } from 'fast-check';
import { expect, test } from 'vitest';
import {
  statusAfterOperation,
  statusAfterRefusal,
  statusAfterReport,
  statusWhileRolledOut,
} from './playground-transition.ts';

const states = [
  'starting',
  'running',
  'stopping',
  'stopped',
  'completed',
  'error',
  'destroying',
  'destroyed',
] as const;

const statuses = constantFrom(...playgroundStatuses);
const happenings = oneof(
  record({ kind: constantFrom(...operationKinds), status: constantFrom(...operationStatuses) }),
  record({ state: constantFrom(...states) }),
);

function after(
  status: PlaygroundStatus,
  happening:
    | { state: (typeof states)[number] }
    | { kind: (typeof operationKinds)[number]; status: (typeof operationStatuses)[number] },
) {
  return 'state' in happening
    ? statusAfterReport(status, happening.state)
    : statusAfterOperation(status, happening.kind, happening.status);
}

/** Statuses that legal events lead to. */
function reachable(from: PlaygroundStatus): Set<PlaygroundStatus> {
  const found = new Set([from]);
  for (const status of found) {
    for (const event of playgroundEvents) {
      const next = nextStatus(status, event);
      if (next !== null) found.add(next);
    }
  }
  return found;
}

test('whatever the engine says, a status follows only along legal transitions', () => {
  assert(
    property(statuses, happenings, (status, happening) => reachable(status).has(after(status, happening))),
  );
});

test('hearing the same twice changes nothing more', () => {
  assert(
    property(statuses, happenings, (status, happening) => {
      const once = after(status, happening);
      return after(once, happening) === once;
    }),
  );
});

test('what is being destroyed ends destroyed or stays so, and never comes back', () => {
  assert(
    property(array(happenings, { maxLength: 20 }), (list) => {
      let status: PlaygroundStatus = 'destroying';
      for (const happening of list) status = after(status, happening);
      return status === 'destroying' || status === 'destroyed';
    }),
  );
});

test('a start runs, succeeds or fails', () => {
  expect(statusAfterOperation('pending', 'playground.start', 'running')).toBe('in_progress');
  expect(statusAfterOperation('pending', 'playground.start', 'succeeded')).toBe('running');
  expect(statusAfterOperation('in_progress', 'playground.start', 'succeeded')).toBe('running');
  expect(statusAfterOperation('in_progress', 'playground.start', 'failed')).toBe('error');
  expect(statusAfterOperation('pending', 'playground.start', 'cancelled')).toBe('error');
});

test('a destroy ends destroyed only when it succeeded', () => {
  expect(statusAfterOperation('destroying', 'playground.destroy', 'failed')).toBe('destroying');
  expect(statusAfterOperation('destroying', 'playground.destroy', 'succeeded')).toBe('destroyed');
});

test('a stop ends stopped or in error, and a restart begins where it ended', () => {
  expect(statusAfterOperation('stopping', 'playground.stop', 'running')).toBe('stopping');
  expect(statusAfterOperation('stopping', 'playground.stop', 'succeeded')).toBe('stopped');
  expect(statusAfterOperation('stopping', 'playground.stop', 'failed')).toBe('error');
  expect(statusAfterOperation('in_progress', 'playground.restart', 'succeeded')).toBe('running');
  expect(statusAfterOperation('in_progress', 'playground.restart', 'failed')).toBe('error');
  expect(statusAfterReport('stopping', 'running')).toBe('stopping');
  expect(statusAfterReport('running', 'stopped')).toBe('stopped');
  // Nothing would ever end it.
  expect(statusAfterReport('running', 'stopping')).toBe('running');
  expect(statusAfterReport('error', 'stopping')).toBe('error');
  expect(statusAfterReport('stopped', 'running')).toBe('stopped');
});

test('what becomes of one machine is nothing to the playground’s status', () => {
  assert(
    property(
      statuses,
      constantFrom('machine.stop' as const, 'machine.restart' as const, 'machine.reboot' as const),
      constantFrom(...operationStatuses),
      (status, kind, ended) => statusAfterOperation(status, kind, ended) === status,
    ),
  );
});

test('a cut is nothing to the playground’s status', () => {
  assert(
    property(statuses, constantFrom(...operationStatuses), (status, ended) => {
      return statusAfterOperation(status, 'playground.snapshot', ended) === status;
    }),
  );
});

test('a suspend ends as a stop does, a rewind as a start does', () => {
  expect(statusAfterOperation('stopping', 'playground.suspend', 'succeeded')).toBe('stopped');
  expect(statusAfterOperation('stopping', 'playground.suspend', 'failed')).toBe('error');
  expect(statusAfterOperation('in_progress', 'playground.rewind', 'succeeded')).toBe('running');
  expect(statusAfterOperation('in_progress', 'playground.rewind', 'failed')).toBe('error');
});

test('what was called off before it changed anything leaves all as it was', () => {
  expect(statusAfterRefusal('error', 'playground.suspend', 'memory-impossible', true)).toBe('running');
  expect(statusAfterRefusal('error', 'playground.rewind', 'snapshot-incomplete', true)).toBe('running');
  expect(statusAfterRefusal('error', 'playground.suspend', 'machine-failed', false)).toBe('error');
  expect(statusAfterRefusal('error', 'playground.restart', 'memory-unfit', false)).toBe('stopped');
  expect(statusAfterRefusal('error', 'playground.restart', 'machine-failed', false)).toBe('error');
  expect(statusAfterRefusal('error', 'playground.stop', null, true)).toBe('error');
  expect(statusAfterRefusal('running', 'playground.suspend', null, true)).toBe('running');
});

test('without its containers a playground does not run, until they are made anew or those before are back', () => {
  for (const status of ['running', 'has_changes', 'error', 'pending'] as const)
    expect(statusWhileRolledOut(status, 'starting'), status).toBe('in_progress');
  expect(statusWhileRolledOut('stopped', 'starting')).toBe('stopped');
  expect(statusWhileRolledOut('in_progress', 'running')).toBe('running');
  expect(statusWhileRolledOut('in_progress', 'error')).toBe('error');
});

test('a rollout of what is in error ends as a start does; what becomes of one that failed says the engine', () => {
  expect(statusAfterOperation('pending', 'playground.rollout', 'running')).toBe('in_progress');
  expect(statusAfterOperation('in_progress', 'playground.hard-restart', 'succeeded')).toBe('running');
  expect(statusAfterOperation('in_progress', 'playground.hard-restart', 'failed')).toBe('in_progress');
  expect(statusAfterOperation('has_changes', 'playground.rollout', 'succeeded')).toBe('has_changes');
});
