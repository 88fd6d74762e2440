// The snapshots of a playroom, on disk and in memory. A snapshot is there when its file is: what it is made of was there before.
import { readdir } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import {
  makePrivateDirectory,
  readJson,
  removeTree,
  syncDirectory,
  writeDurably,
} from '../system/durable-file.ts';
import { type SnapshotRecord, snapshotRecordSchema } from './snapshot-record.ts';

const failureMs = 600_000;

export class SnapshotStore {
  readonly #directory: string;
  readonly #records = new Map<string, SnapshotRecord>();
  readonly #failures = new Map<string, unknown>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(): Promise<void> {
    await makePrivateDirectory(this.#directory);
    for (const name of await readdir(this.#directory)) {
      if (!name.endsWith('.json')) continue;
      const record = snapshotRecordSchema.parse(await readJson(`${this.#directory}/${name}`));
      this.#records.set(record.id, record);
    }
  }

  find(id: string): SnapshotRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** Remembers for a while why a snapshot is not there: others wait for it. */
  noteFailure(id: string, error: unknown): void {
    this.#failures.set(id, error);
    setTimeout(() => this.#failures.delete(id), failureMs).unref();
  }

  /** @throws PlayhouseError snapshot-unknown, or what made the cut fail */
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

  /** Durable when it returns. */
  async save(record: SnapshotRecord): Promise<void> {
    await writeDurably(this.#path(record.id), JSON.stringify(record));
    this.#records.set(record.id, record);
  }

  async remove(id: string): Promise<void> {
    this.#records.delete(id);
    await removeTree(this.#path(id));
    await syncDirectory(this.#directory);
  }

  #path(id: string): string {
    return `${this.#directory}/${id}.json`;
  }
}
