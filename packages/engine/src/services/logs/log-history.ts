// What was said until now, of containers that Docker has and of those that are only kept, in one order of time.
import { containerDetails } from '../docker/container-details.ts';
import { type Reading, readNew } from './follow-containers.ts';
import { LatestLines } from './latest-lines.ts';
import { mergeByTime } from './merge-by-time.ts';
import type { SaidLine } from './said-line.ts';

export interface HistoryWish {
  /** Null when there is no Docker to ask. */
  readonly reading: Reading | null;
  readonly kept: ReadonlyMap<string, readonly SaidLine[]>;
  readonly wants: Reading['wants'];
  readonly positions: Reading['positions'];
  /** At most so many of each service; null for all. */
  readonly tail: number | null;
}

/** All lines, or the last ones of each service, that were not read yet; `positions` is told of all that were looked at. */
export async function* readHistory(wish: HistoryWish): AsyncGenerator<SaidLine, void> {
  const { reading, kept, wants, positions, tail } = wish;
  if (tail === 0) return;
  const containers = reading === null ? [] : await containerDetails(reading.api, reading.label);
  const there = new Set(containers.map(({ id }) => id));
  const live = containers
    .filter(({ service }) => wants(service))
    .map((container) => ({
      service: container.service,
      lines: reading === null ? nothing() : readNew(reading, container, { tail, follow: false }),
    }));
  const gone = [...kept]
    .filter(([service]) => wants(service))
    .flatMap(([service, lines]) =>
      [...Map.groupBy(lines, ({ id }) => id)].flatMap(([id, own]) =>
        there.has(id) ? [] : [{ service, lines: each(own.filter(newIn(positions, id))) }],
      ),
    );
  const all = [...gone, ...live];
  if (tail === null) {
    for await (const line of mergeByTime(all.map(({ lines }) => lines))) {
      positions.advance(line.id, line.at);
      yield line;
    }
    return;
  }
  const latest = await Promise.all(
    [...Map.groupBy(all, ({ service }) => service).values()].map(async (own) => {
      const last = new LatestLines<SaidLine>(tail);
      for await (const line of mergeByTime(own.map(({ lines }) => lines))) {
        positions.advance(line.id, line.at);
        last.add(line);
      }
      return each(last.lines);
    }),
  );
  yield* mergeByTime(latest);
}

async function* nothing(): AsyncGenerator<SaidLine, void> {}

async function* each(lines: readonly SaidLine[]): AsyncGenerator<SaidLine, void> {
  yield* lines;
}

function newIn(positions: Reading['positions'], container: string): (line: SaidLine) => boolean {
  const isNew = positions.newOf(container);
  return ({ at }) => isNew(at);
}
