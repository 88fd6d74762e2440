// The layers of a playroom: layers/<id>.qcow2 (what a drive got between two cuts), layers/<id>.ram (a memory image), and beside
// each a description; of volumes layers/<id>.tar, and layers/<id>.folder where a cut for forks copied one. Immutable. A layer is named
// when it is cut; its digest comes later, because nobody shall wait for it.
import { randomBytes } from 'node:crypto';
import { chmod, open, readdir, rename, stat } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { z } from 'zod';
import { ChunkThreads } from '../chunks/chunk-threads.ts';
import { readChunks } from '../chunks/read-chunks.ts';
import { blockBytes } from '../system/bytes-on-disk.ts';
import { isMissing, makePrivateDirectory, removeTree, writeDurably } from '../system/durable-file.ts';
import { folderBytes as measureFolder } from '../system/folder-bytes.ts';
import { readRecords } from '../system/read-records.ts';
import { Turns } from '../system/turns.ts';

const layerRecordSchema = z.object({
  id: z.string(),
  kind: z.enum(['disk', 'memory', 'volume', 'folder']),
  /** What a folder takes on disk, which is not added up again each time. */
  folderBytes: z.int().nullable().default(null),
  /** `sha256-4m:…` of the file (chunks/chunk-digest.ts); null until it was computed. */
  digest: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** Since when the vault has it. */
  offloadedAt: z.iso.datetime().nullable().default(null),
  /** What it stands for, when it was not cut but merged of others: the same content on the same base. */
  merged: z
    .object({ base: z.string().nullable(), layers: z.array(z.string()) })
    .nullable()
    .default(null),
});

export type LayerRecord = z.infer<typeof layerRecordSchema>;
export type LayerKind = LayerRecord['kind'];

const measureTimeoutMs = 60_000;

/** Names of files and folders that are layers. */
const suffixes = { disk: 'qcow2', memory: 'ram', volume: 'tar', folder: 'folder' } as const satisfies Record<
  LayerKind,
  string
>;

export class LayerStore {
  readonly directory: string;
  readonly #records = new Map<string, LayerRecord>();
  /** Of its own: a vault that stalls shall not hold up a stop. */
  readonly #threads = new ChunkThreads(4);
  #sick: ReadonlyMap<string, string> = new Map();
  /** How many at this moment work with a layer that perhaps nobody needs. */
  readonly #held = new Map<string, number>();
  /** What is collected while its description is written must not come back with the end of the write. */
  readonly #turns = new Turns();

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Layers whose description cannot be read, with the reason: left alone, so that an operator can mend or save them. */
  get sick(): ReadonlyMap<string, string> {
    return this.#sick;
  }

  /** Reads what is there; removes what cuts left that a crash interrupted. */
  async load(): Promise<void> {
    await makePrivateDirectory(this.directory);
    for (const name of await readdir(this.directory)) {
      if (name.startsWith('.')) await removeTree(`${this.directory}/${name}`);
    }
    const { records, sick } = await readRecords(this.directory, layerRecordSchema);
    for (const [id, record] of records) this.#records.set(id, record);
    this.#sick = sick;
  }

  newId(): string {
    return randomBytes(12).toString('hex');
  }

  all(): readonly LayerRecord[] {
    return [...this.#records.values()];
  }

  /** Null when it is not known here. */
  find(id: string): LayerRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** @throws PlayhouseError snapshot-incomplete, description-unreadable */
  get(id: string): LayerRecord {
    const record = this.#records.get(id);
    if (record) return record;
    this.#refuseSick(id);
    throw new PlayhouseError('snapshot-incomplete', {
      snapshot: id,
      detail: `the layer ${id} is not known here`,
    });
  }

  path(id: string, kind: LayerKind = 'disk'): string {
    return `${this.directory}/${id}.${suffixes[kind]}`;
  }

  /** Bytes that a layer takes on disk; null when its file is not here. */
  async bytes({ id, kind }: Pick<LayerRecord, 'id' | 'kind'>): Promise<number | null> {
    try {
      const bytes = (await stat(this.path(id, kind))).blocks * blockBytes;
      return this.#records.get(id)?.folderBytes ?? bytes;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Keeps layers, also those that are only going to be made, from being deleted while work goes on. */
  async hold<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const id of ids) this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const id of ids) this.#held.set(id, (this.#held.get(id) ?? 1) - 1);
    }
  }

  isHeld(id: string): boolean {
    return (this.#held.get(id) ?? 0) > 0;
  }

  /** Makes a file a layer, whoever has it open. Repeatable: a crash may have come in the middle. */
  async adopt(
    file: string,
    id: string,
    kind: LayerKind,
    merged: LayerRecord['merged'] = null,
  ): Promise<void> {
    this.#refuseSick(id);
    const path = this.path(id, kind);
    await rename(file, path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    if (kind !== 'folder') await chmod(path, 0o444);
    if (!this.#records.has(id)) {
      const createdAt = new Date().toISOString();
      const folderBytes = kind === 'folder' ? await measureFolder(path, measureTimeoutMs) : null;
      await this.#save({ id, kind, digest: null, folderBytes, createdAt, offloadedAt: null, merged });
    }
  }

  /** Has the host write the layer to its disk, and gives its digest. @throws PlayhouseError snapshot-incomplete when it is gone by now */
  async seal(id: string): Promise<string> {
    const record = this.get(id);
    if (record.digest !== null) return record.digest;
    const path = this.path(id, record.kind);
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    const { digest } = await readChunks(path, this.#threads);
    await this.#change(id, { digest });
    return digest;
  }

  /** @throws PlayhouseError snapshot-incomplete when it is gone by now */
  async markOffloaded(id: string): Promise<void> {
    await this.#change(id, { offloadedAt: new Date().toISOString() });
  }

  /** Deletes the file and keeps what is known of it: the vault has it. */
  async evict(id: string): Promise<void> {
    const { kind, offloadedAt } = this.get(id);
    if (offloadedAt === null) throw new Error(`layer ${id} is nowhere else`);
    await removeTree(this.path(id, kind));
  }

  /** Deletes all layers that nobody needs, and what interrupted cuts left. Gives their ids. */
  async collect(needed: ReadonlySet<string>): Promise<readonly string[]> {
    const stale = this.all().filter(({ id }) => !needed.has(id) && !this.isHeld(id));
    for (const { id, kind } of stale) {
      await this.#turns.take(id, async () => {
        // The description last: without it nobody would know of the file.
        await removeTree(this.path(id, kind));
        await removeTree(`${this.directory}/${id}.json`);
        this.#records.delete(id);
      });
    }
    // A crash may have come between a file and its description; the cut that made it, if it goes on, needs it.
    for (const name of await readdir(this.directory)) {
      const [, id = ''] = /^([^.]+)\.(?:qcow2|ram|tar|folder)$/.exec(name) ?? [];
      const known = this.#records.has(id) || this.#sick.has(id) || this.isHeld(id);
      if (id !== '' && !known && !needed.has(id)) await removeTree(`${this.directory}/${name}`);
    }
    return stale.map(({ id }) => id);
  }

  #refuseSick(id: string): void {
    const detail = this.#sick.get(id);
    if (detail === undefined) return;
    const path = `${this.directory}/${id}.json`;
    throw new PlayhouseError('description-unreadable', { what: `layer ${id}`, path, detail });
  }

  async #change(id: string, part: Partial<LayerRecord>): Promise<void> {
    await this.#turns.take(id, async () => await this.#save({ ...this.get(id), ...part }));
  }

  async #save(record: LayerRecord): Promise<void> {
    // Makes the layer’s rename last, too: it syncs the folder. First on disk: what could not be written is tried again.
    await writeDurably(`${this.directory}/${record.id}.json`, JSON.stringify(record));
    this.#records.set(record.id, record);
  }
}
