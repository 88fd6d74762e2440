// The WebSockets of the API. A browser cannot set headers on them, so the token may come as `?token=`; the CLI sends
// the header.
import { z } from 'zod';
import { terminalSizeSchema } from '../exec-frame.ts';
import { identifierSchema, playgroundReferenceSchema } from '../identifier.ts';
import { longestTail, sinceSchema } from '../service-log.ts';

const commandSchema = z.array(z.string());

/**
 * `GET /api/events[?operation=ID]`: events as JSON text frames, first the current state of the asked operation. Only what the
 * caller may read is told.
 */
export const eventsPath = '/api/events';

export const eventsInput = {
  access: 'user',
  query: z.object({ operation: identifierSchema.optional() }),
} as const;

/** `GET …/tunnel?port=22`: binary frames, one WebSocket per TCP connection to the machine’s port. */
export const tunnelPath = '/api/playgrounds/:playground/machines/:machine/tunnel';

export const tunnelInput = {
  access: 'playground',
  parameters: z.object({ playground: playgroundReferenceSchema, machine: z.string().min(1).max(63) }),
  query: z.object({ port: z.coerce.number().int().min(1).max(65535) }),
} as const;

/** `GET …/logs/stream`: frames of service-log.ts as JSON text. The stream ends with `end` unless it is followed. */
export const logsPath = '/api/playgrounds/:playground/logs/stream';

/** Which lines of the log of a playground are wanted, as a query says it. */
export const logQuery = z.object({
  services: z
    .string()
    .max(4000)
    .default('')
    .describe('Only of these, with commas between; of all by default'),
  since: sinceSchema.optional(),
  raw: z
    .stringbool()
    .default(false)
    .describe('With control characters, which drive the terminal they are printed on'),
  lifeCycle: z
    .stringbool()
    .default(false)
    .describe('What Playhouse did with the playground instead: its operations, their steps and log lines'),
});

export const logsInput = {
  access: 'playground',
  parameters: z.object({ playground: playgroundReferenceSchema }),
  query: logQuery.extend({
    tail: z.coerce.number().int().min(0).max(longestTail).optional(),
    follow: z.stringbool().default(false),
    after: z.string().max(65_536).optional(),
  }),
} as const;

/** `GET …/exec`: frames of exec-frame.ts. The command runs when the WebSocket is open, and is ended when that closes. */
export const execPath = '/api/playgrounds/:playground/services/:service/exec';

/** Bytes of a command, as JSON. */
const longestCommand = 8000;

export const execInput = {
  access: 'playground',
  parameters: z.object({ playground: playgroundReferenceSchema, service: z.string().min(1).max(63) }),
  query: z.object({
    command: z
      .string()
      .max(longestCommand)
      .default('[]')
      .transform((text, context) => {
        const parsed = commandSchema.safeParse(parseJson(text));
        if (parsed.success) return parsed.data;
        context.addIssue({ code: 'custom', message: 'expected a JSON list of words' });
        return z.NEVER;
      })
      .describe('Its words, as a JSON list; a shell by default'),
    user: z.string().max(256).optional().describe('Name or number, with `:GROUP` where wanted'),
    terminal: z.stringbool().default(false).describe('With a terminal, of so many `columns` and `rows`'),
    ...terminalSizeSchema.partial().shape,
  }),
} as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
