import type { AnswerTo, Question } from '@playhouse/contract/link/question';
import type { WebSocket } from 'ws';

/** Questions that the engine answers with a stream. */
export type StreamQuestion = Extract<Question, { stream: string; kind: `services.${string}` }>;

/** The engine as the rest of the server sees it. */
export interface EngineGate {
  readonly connected: boolean;
  /** Says that there are new commands in the outbox. */
  readonly nudge: () => void;
  /**
   * Asks the engine something.
   * @throws PlayhouseError engine-down, engine-timeout, or the error that the engine answered with.
   */
  readonly ask: <Q extends Question>(question: Q) => Promise<AnswerTo<Q>>;
  /**
   * Asks for something that goes on for long: gives the stream that the engine dialled, paused. Whoever has it closes it.
   * @throws PlayhouseError as `ask`
   */
  readonly openStream: (question: Omit<StreamQuestion, 'stream'>) => Promise<WebSocket>;
}
