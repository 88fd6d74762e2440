// All readings of logs that are under way on this playroom. One that nobody reads on is forgotten: its reader opens it anew, where it
// stood.
import { randomBytes } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Answer, Question } from '@playhouse/contract/link/question';
import { requireServices } from '../require-services.ts';
import { LogStream, type LogRequest, type LogStreamTools } from './log-stream.ts';

const mostStreams = 200;
const idleMs = 60_000;

export type LogQuestion = Extract<Question, { kind: `logs.${string}` }>;

export function isLogQuestion(question: Question): question is LogQuestion {
  return question.kind.startsWith('logs.');
}

interface Open {
  readonly stream: LogStream;
  readonly timer: NodeJS.Timeout;
}

export class LogStreams {
  readonly #tools: LogStreamTools;
  readonly #open = new Map<string, Open>();

  constructor(tools: LogStreamTools) {
    this.#tools = tools;
  }

  /** @throws PlayhouseError playground-unknown, service-missing, log-streams-limit, log-stream-unknown */
  async answer(question: LogQuestion): Promise<Answer> {
    switch (question.kind) {
      case 'logs.open':
        return { kind: question.kind, ...(await this.#begin(question)) };
      case 'logs.read': {
        const found = this.#find(question.stream);
        found.timer.refresh();
        const chunk = await found.stream.read(question.waitMs);
        if (chunk.ended) this.#end(question.stream);
        return { kind: question.kind, ...chunk };
      }
      default:
        this.#end(question.stream);
        return { kind: question.kind };
    }
  }

  async #begin(request: LogRequest) {
    requireServices(this.#tools, request.playgroundId, request.services);
    if (this.#open.size >= mostStreams) throw new PlayhouseError('log-streams-limit', { count: mostStreams });
    const stream = new LogStream(this.#tools, request);
    const name = randomBytes(12).toString('hex');
    const timer = setTimeout(() => this.#end(name), idleMs);
    timer.unref();
    this.#open.set(name, { stream, timer });
    try {
      return { stream: name, source: await stream.open() };
    } catch (error) {
      this.#end(name);
      throw error;
    }
  }

  #find(name: string): Open {
    const found = this.#open.get(name);
    if (found === undefined) throw new PlayhouseError('log-stream-unknown');
    return found;
  }

  #end(name: string): void {
    const found = this.#open.get(name);
    if (found === undefined) return;
    clearTimeout(found.timer);
    found.stream.close();
    this.#open.delete(name);
  }
}
