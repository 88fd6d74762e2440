// The pulls that are under way. Whoever wants an image that is being pulled waits with the others and hears what they hear; a
// pull ends early when nobody wants it any more.
import { randomBytes } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { canonicalSource } from '@playhouse/contract/image-reference';
import { type PullPhase, type PullTools, type PullVoice, pullImage } from './pull-image.ts';
import type { BakedSource } from './source-store.ts';

type Listener = Omit<PullVoice, 'signal'>;

interface SharedPull {
  readonly staging: string;
  readonly listeners: Set<Listener>;
  readonly abort: AbortController;
  /** For those who come later. */
  readonly phases: PullPhase[];
  readonly outcome: Promise<BakedSource>;
}

export class ImagePulls {
  readonly #tools: PullTools;
  readonly #pull: typeof pullImage;
  readonly #shared = new Map<string, SharedPull>();
  #housekeeping: Promise<unknown> = Promise.resolve();
  #pulled: () => Promise<void> = async () => {};

  constructor(tools: PullTools, pull: typeof pullImage = pullImage) {
    this.#tools = tools;
    this.#pull = pull;
  }

  /** Has `listener` called after each pull that succeeded, before those who wait for it go on. It must not fail. */
  onPulled(listener: () => Promise<void>): void {
    this.#pulled = listener;
  }

  /** Names of the folders that pulls work in. */
  get staging(): readonly string[] {
    return [...this.#shared.values()].map(({ staging }) => staging);
  }

  /** Removes what killed pulls left, and unless something is being pulled the blobs that no image here is made of. */
  async collectBlobs(): Promise<void> {
    const { sources, blobs } = this.#tools;
    const busy = this.#shared.size > 0;
    // A pull that is asked for from now on waits for this.
    const done = this.#housekeeping.then(async () => {
      await blobs.clear(new Set(this.staging));
      if (!busy) await blobs.collect(await sources.blobsInUse());
    });
    this.#housekeeping = done.catch(() => {});
    await done;
  }

  /**
   * Pulls an image, or waits for the pull that is under way.
   * @throws PlayhouseError as pullImage; cancelled when `voice.signal` aborts
   */
  async pull(source: string, voice: PullVoice): Promise<BakedSource> {
    const name = canonicalSource(source);
    const found = this.#shared.get(name);
    // One that is being given up must be gone before another begins.
    if (found?.abort.signal.aborted) await found.outcome.catch(() => {});
    voice.signal.throwIfAborted();
    const shared = this.#shared.get(name) ?? this.#begin(name);
    for (const phase of shared.phases) voice.phase(phase);
    shared.listeners.add(voice);
    const { promise: left, reject: leave } = Promise.withResolvers<never>();
    const onAbort = (): void => leave(new PlayhouseError('cancelled'));
    voice.signal.addEventListener('abort', onAbort);
    try {
      return await Promise.race([shared.outcome, left]);
    } finally {
      voice.signal.removeEventListener('abort', onAbort);
      shared.listeners.delete(voice);
      if (shared.listeners.size === 0) {
        shared.abort.abort(new PlayhouseError('cancelled'));
        // Its folder is gone when this returns.
        await shared.outcome.catch(() => {});
      }
    }
  }

  #begin(name: string): SharedPull {
    const abort = new AbortController();
    const listeners = new Set<Listener>();
    const phases: PullPhase[] = [];
    const staging = `pull-${randomBytes(6).toString('hex')}`;
    const voice: PullVoice = {
      signal: abort.signal,
      phase: (label) => {
        phases.push(label);
        for (const listener of listeners) listener.phase(label);
      },
      detail: (text) => {
        for (const listener of listeners) listener.detail(text);
      },
      progress: (progress) => {
        for (const listener of listeners) listener.progress(progress);
      },
      log: (line) => {
        for (const listener of listeners) listener.log(line);
      },
    };
    // In a later turn, when the first listener listens.
    const outcome = this.#housekeeping
      .then(async () => await this.#pull(name, staging, this.#tools, voice))
      .finally(() => this.#shared.delete(name))
      .then(async (source) => {
        await this.#pulled();
        return source;
      });
    outcome.catch(() => {});
    const shared = { staging, listeners, abort, phases, outcome };
    this.#shared.set(name, shared);
    return shared;
  }
}
