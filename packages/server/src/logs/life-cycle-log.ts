// What Playhouse did with a playground, as a log: its operations one after the other, with their steps and lines, and between them what
// became of it without one. Read from the store, page by page; the feed only says when to look.
import { hasEnded, type Operation } from '@playhouse/contract/operation';
import { atOf, type LogLine, readSince } from '@playhouse/contract/service-log';
import type { LogReader } from '@playhouse/gateway/pipe-logs';
import { z } from 'zod';
import type { ControlPlane } from '../control-plane.ts';
import { readLog } from '../store/operation-logs.ts';
import { listOperations } from '../store/operations.ts';
import { readNotes } from '../store/playground-notes.ts';
import type { Database } from '../store/schema.ts';
import type { LogRequest } from './service-logs.ts';

/** The last ones; what was before is of no use any more. */
const operationLimit = 50;
const pageLines = 1000;
const waitMs = 4000;

/** Where it is kept what was told of what no operation did. */
const notesKey = 'notes';

/** What was told of an operation: its lines up to this number, and whether it has ended. */
const toldSchema = z.object({ number: z.int(), ended: z.boolean() });
const cursorSchema = z.record(z.string(), toldSchema);
type Told = z.infer<typeof toldSchema>;

export function openLifeCycle(
  { store: { database }, feed, now }: Pick<ControlPlane, 'store' | 'feed' | 'now'>,
  playgroundId: string,
  { tail, since, follow, after }: Pick<LogRequest, 'tail' | 'since' | 'follow' | 'after'>,
): LogReader {
  const told = new Map(Object.entries(after === null ? {} : readCursor(after)));
  const from = since === null ? '' : readSince(since, now().getTime());
  let tailLeft = after === null ? tail : null;
  let news = false;
  let wake = () => {};
  const unsubscribe = feed.subscribe(() => {
    news = true;
    wake();
  });
  const operations = async () =>
    (await listOperations(database, { limit: operationLimit, playgroundId })).toReversed();
  /** What became of it without an operation until an instant, or until now. */
  const nextNotes = async (until: string | null): Promise<readonly LogLine[]> => {
    const notes = await readNotes(database, playgroundId, told.get(notesKey)?.number ?? 0, until);
    const last = notes.at(-1);
    if (last !== undefined) told.set(notesKey, { number: last.number, ended: false });
    return notes.map(({ at, text }) => lineOf(at, text)).filter(({ at }) => at >= from);
  };
  /** Null when all that there is was told. */
  const nextPage = async (): Promise<readonly LogLine[] | null> => {
    for (const operation of await operations()) {
      const before = told.get(operation.id);
      if (before?.ended === true) continue;
      const notes = await nextNotes(operation.createdAt);
      if (notes.length > 0) return notes;
      const { lines, told: then } = await pageOf(database, operation, before);
      told.set(operation.id, then);
      if (lines.length > 0) return lines.filter(({ at }) => at >= from);
    }
    const notes = await nextNotes(null);
    return notes.length > 0 ? notes : null;
  };
  const nextLines = async (): Promise<readonly LogLine[]> => {
    const lines: LogLine[] = [];
    const tailed = tailLeft;
    tailLeft = null;
    for (let page = await nextPage(); page !== null; page = await nextPage()) {
      lines.push(...page);
      if (tailed === null && lines.length > 0) return lines;
      if (tailed !== null) lines.splice(0, Math.max(0, lines.length - tailed));
    }
    return lines;
  };
  const isOver = async () => {
    const last = (await operations()).at(-1);
    return !follow || (last?.kind === 'playground.destroy' && hasEnded(last.status));
  };
  return {
    source: 'server',
    read: async () => {
      news = false;
      const lines = [...(await nextLines())];
      const ended = lines.length === 0 && (await isOver());
      if (lines.length === 0 && !ended && !news) await untilNews((ring) => (wake = ring));
      return { lines, cursor: JSON.stringify(Object.fromEntries(told)), ended };
    },
    close: () => {
      unsubscribe();
      wake();
    },
  };
}

/** What follows of an operation after what was told of it: at most a page. */
async function pageOf(database: Database, operation: Operation, before: Told | undefined) {
  const { id, kind, status, error, createdAt, endedAt } = operation;
  const read = await readLog(database, id, before?.number ?? 0, pageLines);
  // Lines that come with the end of an operation are stored before it.
  const ended = hasEnded(status) && read.length < pageLines;
  const [reason = ''] = error?.message.split('\n') ?? [];
  const lines = [
    ...(before === undefined ? [lineOf(createdAt, `${kind} is asked for`)] : []),
    ...read.map(({ at, text }) => lineOf(at, text)),
    ...(ended ? [lineOf(endedAt ?? createdAt, `${kind}: ${status}${reason && `: ${reason}`}`)] : []),
  ];
  return { lines, told: { number: read.at(-1)?.number ?? before?.number ?? 0, ended } };
}

function lineOf(at: string, text: string): LogLine {
  return { at: atOf(Date.parse(at)), service: null, container: null, stream: 'stdout', text, cut: 0 };
}

function readCursor(text: string): Readonly<Record<string, Told>> {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function untilNews(listen: (ring: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
