import { expect, test } from 'vitest';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { keptSnapshots, outdatedSnapshots } from './outdated-snapshots.ts';

const snapshot = (id: string, minute: number, more: Partial<SnapshotRecord> = {}) => {
  const { order } = samplePlayground();
  const createdAt = `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
  return { id, order, savedAs: null, createdAt, ...more } as SnapshotRecord;
};
const none = new Set<string>();

test('of a playground that is gone nothing is kept but what was saved', () => {
  const snapshots = [snapshot('a', 1), snapshot('b', 2, { savedAs: 'lab@1' })];
  expect(outdatedSnapshots([], snapshots, none)).toEqual(['a']);
});

test('a playground keeps its newest snapshots', () => {
  const snapshots = Array.from({ length: keptSnapshots + 2 }, (_, minute) => snapshot(`s${minute}`, minute));
  expect(outdatedSnapshots([samplePlayground()], snapshots, none)).toEqual(['s1', 's0']);
});

test('the one that it is at stays, however old, as does one that is being made', () => {
  const snapshots = Array.from({ length: keptSnapshots + 2 }, (_, minute) => snapshot(`s${minute}`, minute));
  const record = { ...samplePlayground(), snapshotId: 's0' };
  expect(outdatedSnapshots([record], snapshots, new Set(['s1']))).toEqual([]);
});

test('the one that a fork is still to begin with stays, though its playground is gone', () => {
  const fork = samplePlayground('f'.repeat(24));
  const order = { ...fork.order, from: { snapshotId: 'a', memory: 'need' as const } };
  expect(outdatedSnapshots([{ ...fork, order }], [snapshot('a', 1)], none)).toEqual([]);
  expect(outdatedSnapshots([{ ...fork, order, established: true }], [snapshot('a', 1)], none)).toEqual(['a']);
  expect(sampleId).not.toBe(fork.order.id);
});

test('of cuts for forks that copied volumes only the newest stays, and those that a fork is at', () => {
  const services = {} as SnapshotRecord['services'];
  const cuts = ['a', 'b', 'c'].map((id, minute) => snapshot(id, minute, { origin: 'fork', services }));
  expect(outdatedSnapshots([samplePlayground()], cuts, none)).toEqual(['b', 'a']);
  const fork = { ...samplePlayground('f'.repeat(24)), snapshotId: 'a' };
  expect(outdatedSnapshots([samplePlayground(), fork], cuts, none)).toEqual(['b']);
});

test('of cuts for diffs only the newest stays, and what is still to be compared; they count for no others', () => {
  const diffs = ['a', 'b', 'c'].map((id, minute) => snapshot(id, 10 + minute, { origin: 'diff' }));
  const others = Array.from({ length: keptSnapshots }, (_, minute) => snapshot(`s${minute}`, minute));
  expect(outdatedSnapshots([samplePlayground()], [...others, ...diffs], none)).toEqual(['b', 'a']);
  expect(outdatedSnapshots([samplePlayground()], diffs, new Set(['a']))).toEqual(['b']);
  // As at the end of a diff, whose own cut is still read.
  expect(outdatedSnapshots([samplePlayground()], diffs, new Set(['c']))).toEqual(['b', 'a']);
});
