import type { ErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readTextIfPresent, removeTree, syncDirectory } from '../system/durable-file.ts';

type Mark = 'begin' | 'done' | 'undone' | 'failed';

interface Entry {
  readonly step: string;
  readonly mark: Mark;
  /** Why the step failed. */
  readonly error?: ErrorBody;
}

/** The step that failed and why. */
export interface JournaledFailure {
  readonly step: string;
  readonly error: ErrorBody;
}

/**
 * How far an operation came, on disk: that a step begins is synced before the engine goes on, so after a crash the journal knows
 * at least of every change that may have been made to the host.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #marks: Map<string, Mark>;
  #failure: JournaledFailure | null;

  private constructor(path: string, file: FileHandle, entries: readonly Entry[]) {
    this.#path = path;
    this.#file = file;
    this.#marks = new Map(entries.map(({ step, mark }) => [step, mark]));
    this.#failure = entries.reduce(failureAfter, null);
  }

  /** Opens the journal, making it when there is none. A half-written last line (a crash while writing) is dropped. */
  static async open(path: string): Promise<Journal> {
    const text = (await readTextIfPresent(path)) ?? '';
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    const file = await open(path, 'a+', 0o600);
    if (complete.length < text.length) await file.truncate(Buffer.byteLength(complete));
    await syncDirectory(dirname(path));
    const entries = complete
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Entry);
    return new Journal(path, file, entries);
  }

  /** The last mark of a step, or null when it was never begun. */
  markOf(step: string): Mark | null {
    return this.#marks.get(step) ?? null;
  }

  /** Why the operation failed, when it did: from then on it is only undone. */
  get failure(): JournaledFailure | null {
    return this.#failure;
  }

  async write(step: string, mark: Mark, error?: ErrorBody): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify({ step, mark, error })}\n`);
    // A `done` that a lost host takes along has its step run again, which is harmless: the next mark’s sync covers it.
    if (mark !== 'done') await this.#file.sync();
    this.#marks.set(step, mark);
    this.#failure = failureAfter(this.#failure, { step, mark, ...(error ? { error } : {}) });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Closes and deletes the journal: what it described is over. */
  async discard(): Promise<void> {
    await this.close();
    await removeTree(this.#path);
  }
}

function failureAfter(known: JournaledFailure | null, { step, error }: Entry): JournaledFailure | null {
  return error ? { step, error } : known;
}
