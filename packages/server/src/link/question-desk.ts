import { type ErrorBody, fromErrorBody, PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { EngineMessage } from '@playhouse/contract/link/protocol';
import type { Answer, AnswerTo, Question } from '@playhouse/contract/link/question';

interface Waiting {
  readonly kind: Question['kind'];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: PlayhouseError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * How many times longer than others a question may take. Reading a long journal is work for an emulated machine; whoever looks for
 * a fault asks everybody who may be broken; a preview, or whoever takes a file from there, asks repositories; an
 * engine that has just begun looks at everything before it says who is let in.
 */
const patience: Partial<Record<Question['kind'], number>> = {
  'journal.read': 3,
  'services.debug': 3,
  'services.preview': 3,
  'compose.read': 3,
  'services.password': 3,
  'services.bypass': 3,
  'services.maintenance': 3,
};

/** Matches answers with questions. Every question ends: by its answer, its refusal, its timeout, or the link's end. */
export class QuestionDesk {
  readonly #waiting = new Map<number, Waiting>();
  readonly #timeoutMs: number;
  #lastId = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  ask<Q extends Question>(question: Q, send: (id: number, question: Question) => void): Promise<AnswerTo<Q>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timeoutMs = this.#timeoutMs * (patience[question.kind] ?? 1);
      const timer = setTimeout(() => {
        const seconds = timeoutMs / 1000;
        this.#take(id)?.reject(new PlayhouseError('engine-timeout', { request: question.kind, seconds }));
      }, timeoutMs);
      // `answer` lets nothing of another kind through.
      const settle = (answer: Answer) => resolve(answer as AnswerTo<Q>);
      this.#waiting.set(id, { kind: question.kind, resolve: settle, reject, timer });
      send(id, question);
    });
  }

  answer(id: number, answer: Answer): void {
    const waiting = this.#take(id);
    if (answer.kind === waiting?.kind) waiting.resolve(answer);
    else
      waiting?.reject(
        new PlayhouseError('internal-error', { message: `the engine answered with ${answer.kind}` }),
      );
  }

  refuse(id: number, error: Extract<EngineMessage, { type: 'refusal' }>['error']): void {
    // A newer engine's problems may have codes that this version does not know; they are passed on as they are.
    this.#take(id)?.reject(fromErrorBody(error as ErrorBody));
  }

  /** Ends every open question with `engine-down`. */
  abandon(): void {
    for (const id of this.#waiting.keys()) this.#take(id)?.reject(new PlayhouseError('engine-down'));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(id);
    return waiting;
  }
}
