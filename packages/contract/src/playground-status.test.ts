import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  holdsResources,
  nextStatus,
  playgroundEvents,
  type PlaygroundStatus,
  playgroundStatuses,
} from './playground-status.ts';

const status = fc.constantFrom(...playgroundStatuses);
const events = fc.array(fc.constantFrom(...playgroundEvents), { maxLength: 30 });

/** Where a playground ends up after events; those that are not legal change nothing. */
function after(
  start: PlaygroundStatus,
  happened: readonly (typeof playgroundEvents)[number][],
): PlaygroundStatus {
  return happened.reduce((at: PlaygroundStatus, event) => nextStatus(at, event) ?? at, start);
}

test('the table in the documentation is the one the code goes by', async () => {
  const page = await readFile(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
  const drawn = page.split('\n').flatMap((line) => {
    const [, from = '', event = '', to = ''] = /^\| (\w+) \| (\w+) \| (\w+) \|$/.exec(line) ?? [];
    return playgroundStatuses.includes(from as PlaygroundStatus) ? [`${from} ${event} ${to}`] : [];
  });
  const table = playgroundStatuses.flatMap((from) =>
    playgroundEvents.flatMap((event) => {
      const to = nextStatus(from, event);
      // That everything can be destroyed is said in a sentence.
      return to === null || event === 'destroy' ? [] : [`${from} ${event} ${to}`];
    }),
  );
  expect(drawn.toSorted()).toEqual(table.toSorted());
});

test('destroyed is the end', () => {
  fc.assert(
    fc.property(events, (happened) => {
      expect(after('destroyed', happened)).toBe('destroyed');
    }),
  );
});

test('whatever happened before, a playground can be destroyed', () => {
  fc.assert(
    fc.property(status, events, (start, happened) => {
      expect(after(after(start, happened), ['destroy', 'succeed'])).toBe('destroyed');
    }),
  );
});

test('nothing but another destroy or its success leaves destroying', () => {
  fc.assert(
    fc.property(events, (happened) => {
      expect(['destroying', 'destroyed']).toContain(after('destroying', happened));
    }),
  );
});

test('every status is reached from pending', () => {
  const reached = new Set<PlaygroundStatus>(['pending']);
  for (const from of reached) {
    for (const event of playgroundEvents) {
      const to = nextStatus(from, event);
      if (to) reached.add(to);
    }
  }
  expect(reached).toEqual(new Set(playgroundStatuses));
});

test('what has ended or stopped holds nothing', () => {
  expect(playgroundStatuses.filter((each) => !holdsResources(each))).toEqual([
    'completed',
    'stopped',
    'destroyed',
  ]);
});
