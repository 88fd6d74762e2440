// The WebSockets of the API. A browser cannot set headers on them, so the token may come as `?token=`; the CLI sends
// the header.
import { z } from 'zod';
import { identifierSchema, playgroundReferenceSchema } from '../identifier.ts';

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
