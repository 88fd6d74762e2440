// Reads what `journalctl --output=json` printed inside a machine. Everything in it was written by the guest: what is no
// entry is left out, and no text reaches a reader’s terminal raw.
import type { JournalEntry } from '@playhouse/contract/link/question';
import { z } from 'zod';
import { printable } from '../../guest/printable.ts';

/** The fields that journalctl is asked for beside those it always prints. */
export const journalFields = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_COMM', '_PID', '_SYSTEMD_UNIT'];

/** journalctl writes bytes that are no text as numbers, a field that was given several times as a list, one too long as null. */
const fieldSchema = z
  .union([z.string(), z.array(z.unknown()), z.null()])
  .optional()
  .catch(null);

const lineSchema = z.object({
  __CURSOR: z.string(),
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,17}$/),
  MESSAGE: fieldSchema,
  PRIORITY: fieldSchema,
  SYSLOG_IDENTIFIER: fieldSchema,
  _COMM: fieldSchema,
  _PID: fieldSchema,
  _SYSTEMD_UNIT: fieldSchema,
});

export interface ParsedJournal {
  readonly entries: readonly JournalEntry[];
  /** Of the last entry; null when there is none. */
  readonly cursor: string | null;
}

export function parseJournal(output: string): ParsedJournal {
  const lines = output.split('\n').flatMap((line) => {
    const parsed = lineSchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
  const cursor = lines.at(-1)?.__CURSOR;
  return { entries: lines.map(toEntry), cursor: cursor === undefined ? null : printable(cursor) };
}

function toEntry(line: z.infer<typeof lineSchema>): JournalEntry {
  const priority = numberIn(line.PRIORITY);
  return {
    at: new Date(Number(line.__REALTIME_TIMESTAMP) / 1000).toISOString(),
    unit: textIn(line._SYSTEMD_UNIT),
    identifier: textIn(line.SYSLOG_IDENTIFIER) ?? textIn(line._COMM),
    pid: numberIn(line._PID),
    priority: priority !== null && priority <= 7 ? priority : null,
    message: textIn(line.MESSAGE) ?? '',
  };
}

type Field = z.infer<typeof fieldSchema>;

function textIn(field: Field): string | null {
  if (field === null || field === undefined) return null;
  if (typeof field === 'string') return printable(field);
  const isByte = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
  if (field.every(isByte)) return printable(Buffer.from(field).toString('utf8'));
  const [first] = field;
  return typeof first === 'string' ? printable(first) : null;
}

function numberIn(field: Field): number | null {
  const text = textIn(field);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
