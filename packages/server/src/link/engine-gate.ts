import type { AnswerTo, Question } from '@playhouse/contract/link/question';

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
}
