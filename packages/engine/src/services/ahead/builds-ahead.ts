// What is built ahead of rollouts, of all playgrounds of this playroom: one build at a time, and none of a playground on which an
// operation is at work. Knows nothing of how it is done.
import type { NextImage } from '@playhouse/contract/service';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { BuildAheadWork } from './build-ahead.ts';
import { covers, type DueImages } from './due-images.ts';

/** What failed by a fault of the host is tried again when that may be mended. */
const againAfterMs = 600_000;

export interface BuildsAheadOptions {
  readonly build: (work: BuildAheadWork) => Promise<void>;
  /** Hears of a playground of which there is something else to tell. */
  readonly changed: (id: string) => void;
  /** Hears of a fault of the host. Gives what anybody may read of it. */
  readonly trouble: (id: string, error: unknown) => string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

interface Job {
  readonly id: string;
  readonly due: DueImages;
  readonly abort: AbortController;
  /** The service that is built. */
  doing: string | null;
  readonly ended: Promise<void>;
}

export class BuildsAhead {
  readonly #options: BuildsAheadOptions;
  /** In the order of their turns, by playground. */
  readonly #waiting = new Map<string, DueImages>();
  readonly #troubled = new Map<
    string,
    { readonly due: DueImages; readonly until: number; readonly detail: string }
  >();
  #job: Job | null = null;
  #isOver = false;

  constructor(options: BuildsAheadOptions) {
    this.#options = options;
  }

  /** Says what is due of a playground from now on; null is nothing. What is under way for other commits is given up. */
  want(id: string, due: DueImages | null): void {
    const { now, changed } = this.#options;
    if (this.#isOver || (due !== null && this.#isCared(id, due, now()))) return;
    this.#troubled.delete(id);
    const had = this.#waiting.delete(id);
    void this.#giveUp(id);
    if (due === null) return had ? changed(id) : undefined;
    this.#waiting.set(id, due);
    changed(id);
    this.#next();
  }

  /** Drops what waits or is under way of a playground, and settles when nothing works on it any more: an operation begins. */
  async giveWay(id: string): Promise<void> {
    if (this.#waiting.delete(id)) this.#options.changed(id);
    await this.#giveUp(id);
  }

  /** Ends it all, for good. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#waiting.clear();
    if (this.#job !== null) await this.#giveUp(this.#job.id);
  }

  /** What there is to tell of a service, but for what was written down. */
  of(id: string, service: string): NextImage | null {
    const job = this.#job?.id === id && !this.#job.abort.signal.aborted ? this.#job : null;
    const troubled = this.#troubled.get(id);
    const due = job?.due ?? this.#waiting.get(id) ?? troubled?.due;
    const commit = due?.services.includes(service) === true ? due.commits.get(service) : undefined;
    if (commit === undefined) return null;
    if (job !== null) return { commit, state: job.doing === service ? 'building' : 'waiting', detail: null };
    if (this.#waiting.has(id)) return { commit, state: 'waiting', detail: null };
    return { commit, state: 'failed', detail: troubled?.detail ?? null };
  }

  /** True when it is under way already, or waits for its host. */
  #isCared(id: string, due: DueImages, now: number): boolean {
    const job = this.#job;
    if (job?.id === id && !job.abort.signal.aborted && covers(job.due, due)) return true;
    const troubled = this.#troubled.get(id);
    return troubled !== undefined && now < troubled.until && covers(troubled.due, due);
  }

  async #giveUp(id: string): Promise<void> {
    const job = this.#job;
    if (job?.id !== id) return;
    job.abort.abort(new PlayhouseError('cancelled'));
    await job.ended;
  }

  #next(): void {
    const [first] = this.#waiting;
    if (this.#job !== null || first === undefined) return;
    const [id, due] = first;
    this.#waiting.delete(id);
    const abort = new AbortController();
    const ended = Promise.withResolvers<void>();
    const job: Job = { id, due, abort, doing: null, ended: ended.promise };
    this.#job = job;
    void this.#carryOut(job).finally(() => {
      this.#job = null;
      ended.resolve();
      this.#options.changed(id);
      this.#next();
    });
  }

  async #carryOut(job: Job): Promise<void> {
    const { id, due, abort } = job;
    const { build, changed, trouble, now } = this.#options;
    const begins = (service: string) => {
      job.doing = service;
      changed(id);
    };
    try {
      await build({ id, due, signal: abort.signal, begins });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#troubled.set(id, { due, detail: trouble(id, error), until: now() + againAfterMs });
    }
  }
}
