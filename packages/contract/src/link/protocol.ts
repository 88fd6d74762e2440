// The link between a server and an engine. The engine dials; both sides speak JSON messages over one WebSocket.
// Commands (server → engine) and reports (engine → server) are delivered at least once: each is acknowledged after it was
// durably accepted and repeated after a reconnect until then. Questions are answered at most once, while connected.
// What goes on for long and in bytes, as a terminal, has a WebSocket of its own, which the engine dials when it is asked to.
// Unknown fields are ignored, so that a newer peer can add some.
import { z } from 'zod';
import { errorBodySchema } from '../error-body.ts';
import { commandSchema } from './command.ts';
import { answerSchema, questionSchema } from './question.ts';
import { inventorySchema, operationReportSchema, playgroundReportSchema } from './report.ts';

/** Versions of this protocol that this code speaks. A peer must share at least one. */
export const linkProtocol = { min: 1, max: 1 } as const;

/** Where the engine dials a stream that the server named in a question. */
export function streamPath(name: string): string {
  return `/streams/${name}`;
}

/** What the engine may say. */
export const engineMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.object({ min: z.int(), max: z.int() }),
    installation: z.string(),
    version: z.string(),
    inventory: inventorySchema,
  }),
  z.object({ type: z.literal('accepted'), sequence: z.int() }),
  z.object({ type: z.literal('inventory'), inventory: inventorySchema }),
  z.object({ type: z.literal('operation'), report: operationReportSchema }),
  z.object({ type: z.literal('playground'), report: playgroundReportSchema }),
  z.object({ type: z.literal('log'), operationId: z.string(), lines: z.array(z.string()) }),
  z.object({ type: z.literal('answer'), id: z.int(), answer: answerSchema }),
  z.object({ type: z.literal('refusal'), id: z.int(), error: errorBodySchema }),
]);

/** What the server may say. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: z.int() }),
  z.object({ type: z.literal('command'), sequence: z.int(), command: commandSchema }),
  z.object({ type: z.literal('reported'), subject: z.string(), revision: z.int() }),
  z.object({ type: z.literal('question'), id: z.int(), question: questionSchema }),
]);

export type EngineMessage = z.infer<typeof engineMessageSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** The newest protocol version both sides speak, or null. */
export function commonProtocol(peer: { readonly min: number; readonly max: number }): number | null {
  const newest = Math.min(peer.max, linkProtocol.max);
  return newest >= Math.max(peer.min, linkProtocol.min) ? newest : null;
}
