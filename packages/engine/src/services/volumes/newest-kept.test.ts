import { expect, test } from 'vitest';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { newestKept } from './newest-kept.ts';

const { order, parts, secrets } = sampleRecord();
const idOf = (name: string) => name.repeat(24);

const atMinute = (minute: number) => `2026-01-01T10:0${minute}:00.000Z`;

/** Made at that minute, with a layer for each volume that is called like it. */
function made(minute: number, name: string, volumes: readonly string[]) {
  const kept = volumes.map((volume) => ({ name: volume, layer: `${volume}-${name}` }));
  return sampleSnapshot(idOf(name), {
    ...{ machines: [], createdAt: atMinute(minute) },
    services: { order, parts, secrets, volumes: kept, checkouts: null },
  });
}

/** What is kept of which volume, when these were made in this order and the playground is at that one. */
function keptAt(
  at: string | null,
  snapshots: readonly SnapshotRecord[],
  rewoundAt: string | null = null,
): Record<string, string> {
  const kept = newestKept(
    { order, snapshotId: at === null ? null : idOf(at), rewoundAt },
    { find: (id) => snapshots.find((each) => each.id === id) ?? null, of: () => snapshots },
  );
  return Object.fromEntries([...kept].map(([name, { layer }]) => [name, layer]));
}

test('a volume is had from the newest snapshot that knows it', () => {
  const snapshots = [made(1, 'a', ['data', 'mail']), made(2, 'b', ['data'])];
  expect(keptAt('a', snapshots)).toEqual({ data: 'data-b', mail: 'mail-a' });
  expect(keptAt(null, snapshots)).toEqual({ data: 'data-b', mail: 'mail-a' });
  expect(keptAt('b', snapshots)).toEqual({ data: 'data-b' });
  expect(keptAt(null, [])).toEqual({});
});

test('what a playground went back from does not come again; what was cut after that does', () => {
  const before = [made(1, 'a', ['data']), made(2, 'b', ['data']), made(3, 'c', ['data'])];
  expect(keptAt('a', before, atMinute(3))).toEqual({ data: 'data-a' });
  expect(keptAt('a', [...before, made(4, 'd', ['data'])], atMinute(3))).toEqual({ data: 'data-d' });
});
