import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Positions } from './positions.ts';

const container = 'c'.repeat(64);
const at = (second: number) => `2026-01-31T12:00:${String(second).padStart(2, '0')}.000000000Z`;

/** What a container has said so far, read from where it stood. */
function readOn(positions: Positions, said: readonly string[]): string[] {
  const begin = positions.beginOf(container);
  const isNew = positions.newOf(container);
  const found = said.filter((time) => (begin === null || time >= begin) && isNew(time));
  for (const time of found) positions.advance(container, time);
  return found;
}

test('reading goes on after the last line, also with lines of the very same instant', () => {
  const positions = new Positions(null);
  expect(readOn(positions, [at(1), at(2), at(2)])).toEqual([at(1), at(2), at(2)]);
  expect(readOn(positions, [at(1), at(2), at(2), at(2), at(3)])).toEqual([at(2), at(3)]);
});

test('a line that is dated before the one above it is not lost', () => {
  const positions = new Positions(null);
  const said = [at(1), at(5), at(4), at(6)];
  expect(readOn(positions, said.slice(0, 2))).toEqual([at(1), at(5)]);
  expect(readOn(positions, said)).toEqual([at(4), at(6)]);
});

test('of a container that was not read yet only what is wanted counts', () => {
  const positions = new Positions(at(2));
  expect(positions.beginOf(container)).toBe(at(2));
  expect(readOn(positions, [at(1), at(2), at(3)])).toEqual([at(2), at(3)]);
  const raised = new Positions(null);
  raised.raise(at(3));
  raised.raise(at(2));
  expect(readOn(raised, [at(1), at(2), at(3)])).toEqual([at(3)]);
});

test('a cursor is where reading stood; what is none is told apart', () => {
  const positions = new Positions(at(1));
  for (const second of [1, 2, 3, 4, 5, 6]) positions.advance(container, at(second));
  const again = Positions.parse(positions.cursor);
  expect(again?.beginOf(container)).toBe(at(3));
  expect(again?.beginOf('d'.repeat(64))).toBe(at(1));
  expect(again?.cursor).toBe(positions.cursor);
  for (const text of ['', 'x', Buffer.from('{"since":1}').toString('base64url')])
    expect(Positions.parse(text)).toBeNull();
});

test('however often reading is taken up, each line is read once, in its order', () => {
  const times = fc
    .array(fc.integer({ min: 0, max: 59 }), { maxLength: 30 })
    .map((all) => all.toSorted((a, b) => a - b).map(at));
  fc.assert(
    fc.property(times, fc.array(fc.nat(30)), (said, stops) => {
      let positions = new Positions(null);
      const found: string[] = [];
      // With more lines of one instant than are known, which of them were read cannot be told.
      const crowded = [...Map.groupBy(said, (time) => time).values()].some((same) => same.length > 8);
      for (const stop of [...stops.toSorted((a, b) => a - b), said.length]) {
        found.push(...readOn(positions, said.slice(0, stop)));
        positions = Positions.parse(positions.cursor) ?? positions;
      }
      expect(crowded || JSON.stringify(found) === JSON.stringify(said)).toBe(true);
    }),
  );
});
