// What the containers of a playground say, and what Playhouse says of its own work on one: lines, merged in order of time.
import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';

/** Bytes of a line that are shown; the rest of a longer one is counted and left out. */
export const logLineBytes = 16_384;
/** Lines of one service that may be asked for from the end. */
export const longestTail = 10_000;
/** The same for an answer that is no stream. */
export const longestAnswerTail = 1000;

export const logLineSchema = z
  .object({
    at: z.string().describe('When it was said: RFC 3339, in UTC, with nanoseconds'),
    service: z.string().nullable().describe('Which service said it; null for Playhouse itself'),
    container: z
      .string()
      .nullable()
      .describe('Which of its containers, as `web-1`; null for Playhouse itself'),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string().describe('Without its line end'),
    cut: z.int().min(0).describe('Bytes of a very long line that were left out at its end; else 0'),
  })
  .describe('A line of the log of a playground');

/** `live`: as Docker has it. `cached`: there is no Docker, this is what was kept. `server`: Playhouse’s own work. */
export const logSources = ['live', 'cached', 'server'] as const;

const moment = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
const period = /^(?=.)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;

export const sinceSchema = z
  .string()
  .refine((text) => moment.test(text) || period.test(text), {
    error: 'expected a time as 2026-01-31T12:00:00Z, or how long ago, as 90s, 10m or 2h30m',
  })
  .describe(
    'Only what was said since: a time as `2026-01-31T12:00:00Z`, or how long ago, as `10m` or `2h30m`',
  );

/** Which lines are wanted. Times that are written as “how long ago” count by the clock of whoever has the lines. */
export const logWishSchema = z.object({
  services: z.array(z.string()).describe('Only of these; of all when there are none'),
  tail: z.int().min(0).max(longestTail).nullable().describe('At most so many of each service, from the end'),
  since: sinceSchema.nullable(),
  follow: z.boolean(),
  raw: z.boolean().describe('With control characters, which drive the terminal they are printed on'),
});

/** The next lines of a log that is read piece by piece. */
export const logChunkSchema = z.object({
  lines: z.array(logLineSchema),
  /** Names where it stands: whoever opens the log anew with it goes on there. */
  cursor: z.string(),
  /** True when nothing more will come. */
  ended: z.boolean(),
});

/** A message of the WebSocket. */
export const logFrameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begin'), source: z.enum(logSources) }),
  z.object({ kind: z.literal('lines'), lines: z.array(logLineSchema), cursor: z.string() }),
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('error'), error: errorBodySchema }),
]);

export type LogLine = z.infer<typeof logLineSchema>;
export type LogSource = (typeof logSources)[number];
export type LogWish = z.infer<typeof logWishSchema>;
export type LogChunk = z.infer<typeof logChunkSchema>;
export type LogFrame = z.infer<typeof logFrameSchema>;

const second = 1000;
const seconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/**
 * The moment that a `since` means, with nanoseconds, in the form that lines have: such moments are compared as texts. `now` in
 * milliseconds since the epoch.
 */
export function readSince(text: string, now: number): string {
  const [, whole, fraction = ''] = moment.exec(text) ?? [];
  if (whole !== undefined) return `${whole}.${fraction.padEnd(9, '0')}Z`;
  const [, d = '0', h = '0', m = '0', s = '0'] = period.exec(text) ?? [];
  const ago = Number(d) * seconds.d + Number(h) * seconds.h + Number(m) * seconds.m + Number(s) * seconds.s;
  return atOf(Math.max(0, now - ago * second));
}

/** Milliseconds since the epoch in the form that lines have. */
export function atOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000000Z');
}
