import { expect, test } from 'vitest';
import { noSpare } from '../operations/spares.ts';
import { newPlayground } from '../store/store-fixtures.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import { runningMachine } from '../testing/fixtures.ts';
import { nextSpareStep } from './spare-step.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms).toISOString();
const snapshotId = 'c'.repeat(24);
const copy: StoredPlayground = {
  ...newPlayground(1),
  ...{ hidden: true, spare: true, status: 'running' },
  machines: [runningMachine({ state: 'running' })],
  from: { snapshotId, memory: 'need' },
};
const named = { ...noSpare, state: 'making' as const, playgroundId: copy.id, failures: 2 };
const ready: Parameters<typeof nextSpareStep>[1] = { state: 'ready', snapshotId };
const next = (
  playground: StoredPlayground | null,
  { spare = playground === null ? noSpare : named, prewarm = ready } = {},
  isShort = false,
) => nextSpareStep({ name: 'lab' }, prewarm, spare, playground, { isShort, now });

test('without one, one is made when there is what it is made of, room, and no reason to wait', () => {
  expect(next(null)).toEqual({ kind: 'make' });
  expect(next(null, {}, true).kind).toBe('note');
  expect(next(null, { prewarm: { ...ready, state: 'stale' } }).kind).toBe('note');
  expect(next(null, { spare: { ...noSpare, notBefore: later(1) } }).kind).toBe('note');
  expect(next(null, { spare: { ...noSpare, notBefore: later(0) } })).toEqual({ kind: 'make' });
});

test('one that is under way is waited for, and stands by once all of its machines run', () => {
  for (const status of ['pending', 'in_progress'] as const)
    expect(next({ ...copy, status })).toEqual({ kind: 'note', spare: named });
  expect(next(copy)).toEqual({ kind: 'note', spare: { ...named, state: 'ready', failures: 0 } });
});

test.each([
  ['room is needed', copy, ready, true],
  [
    'it is of an earlier cut',
    { ...copy, from: { snapshotId: 'd'.repeat(24), memory: 'need' } },
    ready,
    false,
  ],
  ['the prewarming is out of date', copy, { ...ready, state: 'stale' }, false],
] as const)('it makes way, and that is no failure: %s', (_, playground, prewarm, isShort) => {
  expect(next(playground, { prewarm }, isShort)).toEqual({ kind: 'dismiss', spare: noSpare });
});

test.each([
  ['its start failed', { ...copy, status: 'error' }, 'dismiss', 'it is error'],
  ['its memory does not fit', { ...copy, status: 'stopped' }, 'dismiss', 'it is stopped'],
  [
    'a machine has ended',
    { ...copy, machines: [runningMachine({ state: 'stopped' })] },
    'dismiss',
    'has ended',
  ],
  ['somebody destroys it', { ...copy, status: 'destroying' }, 'note', 'it is destroying'],
] as const)('what came to nothing is made again, later each time: %s', (_, playground, kind, words) => {
  expect(next({ ...playground, machines: [...playground.machines] })).toEqual({
    kind,
    spare: {
      ...noSpare,
      ...{ state: 'failed', failures: 3, notBefore: later(120_000) },
      error: {
        code: 'spare-lost',
        message: expect.stringContaining(words) as string,
        hint: expect.any(String) as string,
      },
    },
  });
});

test('at most an hour passes until it is tried again', () => {
  const step = next({ ...copy, status: 'stopped' }, { spare: { ...named, failures: 40 } });
  expect(step).toMatchObject({ spare: { notBefore: later(3_600_000) } });
});
