import { expect, test } from 'vitest';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { BuildAheadWork } from './build-ahead.ts';
import { BuildsAhead } from './builds-ahead.ts';
import type { DueImages } from './due-images.ts';

const dueOf = (commit: string, services = ['web']): DueImages => ({
  ...{ order: 'o', services },
  commits: new Map(services.map((service) => [service, commit])),
});

/** Builds that end when they are told to; one that is aborted takes a moment to end. */
function workshop() {
  const begun: (BuildAheadWork & { finish: (error?: Error) => void })[] = [];
  const changed: string[] = [];
  const clock = { ms: 0 };
  let left = 0;
  let most = 0;
  const builds = new BuildsAhead({
    build: async (work) => {
      most = Math.max(most, ++left);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      begun.push({ ...work, finish: (error) => (error ? reject(error) : resolve()) });
      work.signal.addEventListener('abort', () => setTimeout(() => reject(work.signal.reason as Error), 5));
      try {
        await promise;
      } finally {
        left--;
      }
    },
    changed: (id) => changed.push(id),
    trouble: (_, error) => String(error),
    now: () => clock.ms,
  });
  const commits = () => begun.map(({ id, due }) => `${id}:${[...due.commits.values()][0] ?? ''}`);
  return { builds, begun, changed, clock, commits, most: () => most, left: () => left };
}

const settled = async () => await new Promise((resolve) => setTimeout(resolve, 15));

test('one is built after the other, in the order in which they came, and it is told which', async () => {
  const { builds, begun, commits, most } = workshop();
  builds.want('a', dueOf('1', ['web', 'api']));
  builds.want('b', dueOf('1'));
  expect(commits()).toEqual(['a:1']);
  begun[0]?.begins('web');
  expect(builds.of('a', 'web')).toEqual({ commit: '1', state: 'building', detail: null });
  expect(builds.of('a', 'api')).toEqual({ commit: '1', state: 'waiting', detail: null });
  expect(builds.of('b', 'web')?.state).toBe('waiting');
  expect(builds.of('b', 'other')).toBeNull();
  begun[0]?.finish();
  await settled();
  expect(commits()).toEqual(['a:1', 'b:1']);
  expect(builds.of('a', 'web')).toBeNull();
  begun[1]?.finish();
  await settled();
  expect(most()).toBe(1);
});

test('what is under way is not begun again; a newer commit takes its place, and what is due no more is given up', async () => {
  const { builds, begun, commits, most } = workshop();
  builds.want('a', dueOf('1'));
  builds.want('a', dueOf('1'));
  builds.want('a', dueOf('2'));
  builds.want('a', dueOf('3'));
  expect(builds.of('a', 'web')).toEqual({ commit: '3', state: 'waiting', detail: null });
  await settled();
  expect(commits()).toEqual(['a:1', 'a:3']);
  expect(begun[0]?.signal.aborted).toBe(true);
  builds.want('a', null);
  await settled();
  expect(begun[1]?.signal.aborted).toBe(true);
  expect([builds.of('a', 'web'), most()]).toEqual([null, 1]);
});

test('an operation begins when nothing works on its playground any more, be it under way or waiting; others go on', async () => {
  const { builds, begun, commits, left } = workshop();
  builds.want('a', dueOf('1'));
  builds.want('b', dueOf('1'));
  builds.want('c', dueOf('1'));
  await builds.giveWay('b');
  expect(begun[0]?.signal.aborted).toBe(false);
  await builds.giveWay('a');
  expect(begun[0]?.signal.aborted).toBe(true);
  await settled();
  expect(commits()).toEqual(['a:1', 'c:1']);
  await builds.giveWay('nobody');
  await builds.end();
  builds.want('d', dueOf('1'));
  await settled();
  expect([left(), commits().length]).toEqual([0, 2]);
});

test('what failed by a fault of the host is told, and tried again after a while or for another commit', async () => {
  const { builds, begun, commits, clock, changed } = workshop();
  builds.want('a', dueOf('1'));
  begun[0]?.finish(new PlayhouseError('disk-full', { path: '/x' }));
  await settled();
  expect(builds.of('a', 'web')).toMatchObject({ state: 'failed', detail: expect.stringContaining('/x') });
  const told = changed.length;
  builds.want('a', dueOf('1'));
  expect([commits().length, changed.length]).toEqual([1, told]);
  clock.ms += 600_000;
  builds.want('a', dueOf('1'));
  expect(commits()).toEqual(['a:1', 'a:1']);
  begun[1]?.finish(new Error('again'));
  await settled();
  builds.want('a', dueOf('2'));
  expect(commits()).toEqual(['a:1', 'a:1', 'a:2']);
  expect(builds.of('a', 'web')?.state).toBe('waiting');
  await builds.end();
});
