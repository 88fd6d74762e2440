// The snapshots of a playroom, on disk and in memory. A snapshot is there when its file is: what it is made of was there before.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { makePrivateDirectory, removeTree, syncDirectory, writeDurably } from '../system/durable-file.ts';
import { readRecords } from '../system/read-records.ts';
import { Turns } from '../system/turns.ts';
import { type SnapshotRecord, snapshotRecordSchema } from './snapshot-record.ts';

const failureMs = 600_000;

export class SnapshotStore {
  readonly #directory: string;
  readonly #records = new Map<string, SnapshotRecord>();
  readonly #failures = new Map<string, unknown>();
  readonly #sick = new Map<string, string>();
  /** What is removed while it is written must not come back with the end of the write. */
  readonly #turns = new Turns();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Snapshots whose file cannot be read, with the reason: left alone, and while there are any no layer is known to be needless. */
  get sick(): ReadonlyMap<string, string> {
    return this.#sick;
  }

  async load(): Promise<void> {
    await makePrivateDirectory(this.#directory);
    const { records, sick } = await readRecords(this.#directory, snapshotRecordSchema);
    for (const [id, record] of records) this.#records.set(id, record);
    for (const [id, reason] of sick) this.#sick.set(id, reason);
  }

  /** Null when there is none. @throws PlayhouseError description-unreadable */
  find(id: string): SnapshotRecord | null {
    const detail = this.#sick.get(id);
    if (detail !== undefined) {
      throw new PlayhouseError('description-unreadable', {
        what: `snapshot ${id}`,
        path: this.#path(id),
        detail,
      });
    }
    return this.#records.get(id) ?? null;
  }

  /** Remembers for a while why a snapshot is not there: others wait for it. */
  noteFailure(id: string, error: unknown): void {
    this.#failures.set(id, error);
    setTimeout(() => this.#failures.delete(id), failureMs).unref();
  }

  /** @throws PlayhouseError snapshot-unknown, description-unreadable, or what made the cut fail */
  get(id: string): SnapshotRecord {
    const record = this.find(id);
    if (record) return record;
    if (this.#failures.has(id)) throw this.#failures.get(id);
    throw new PlayhouseError('snapshot-unknown', { snapshot: id });
  }

  /** In the order in which they were made. */
  all(): readonly SnapshotRecord[] {
    return [...this.#records.values()].toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  of(playgroundId: string): readonly SnapshotRecord[] {
    return this.all().filter(({ order }) => order.id === playgroundId);
  }

  /** Durable when it returns. @throws PlayhouseError description-unreadable, rather than replace what may be mended */
  async save(record: SnapshotRecord): Promise<void> {
    await this.#turns.take(record.id, async () => await this.#write(record));
  }

  /** Changes part of it, durably; one that is gone by now stays so. @throws PlayhouseError description-unreadable */
  async change(id: string, part: Partial<SnapshotRecord>): Promise<void> {
    await this.#turns.take(id, async () => {
      const now = this.find(id);
      if (now !== null) await this.#write({ ...now, ...part });
    });
  }

  async remove(id: string): Promise<void> {
    await this.#turns.take(id, async () => {
      this.#records.delete(id);
      this.#sick.delete(id);
      await removeTree(this.#path(id));
      await syncDirectory(this.#directory);
    });
  }

  async #write(record: SnapshotRecord): Promise<void> {
    this.find(record.id);
    await writeDurably(this.#path(record.id), JSON.stringify(record));
    this.#records.set(record.id, record);
  }

  #path(id: string): string {
    return `${this.#directory}/${id}.json`;
  }
}
