// What the engine knows of a playground made of services, on disk: one folder each, with its record, its files and its journals.
import { readdir } from 'node:fs/promises';
import { errorBodySchema } from '@playhouse/contract/error-body';
import { z } from 'zod';
import { makePrivateDirectory, readJson, syncDirectory, writeDurably } from '../system/durable-file.ts';
import { removeDeepTree } from '../system/remove-deep-tree.ts';
import { Turns } from '../system/turns.ts';
import { jobEndsSchema } from './jobs/job-ends.ts';
import { builtAheadSchema, servicesVersionSchema } from './services-version.ts';

export const servicesRecordSchema = servicesVersionSchema.extend({
  state: z.enum(['starting', 'running', 'stopping', 'stopped', 'completed', 'error', 'destroying']),
  error: errorBodySchema.extend({ step: z.string().nullable() }).nullable(),
  /** True once it came up: from then on what was built is pinned until a rollout. */
  established: z.boolean().default(false),
  /** What a rollout brings about. */
  next: z
    .object({
      version: servicesVersionSchema,
      /** The containers of each service that were there when its turn came. */
      former: z.record(z.string(), z.array(z.string())),
      /** What it was when that began; absent: running. Of what was in error nothing is brought up again when it fails. */
      was: z.enum(['running', 'error']).optional(),
      /** True once requests go to those that were made beside them instead. */
      switched: z.boolean().optional(),
    })
    .nullable()
    .default(null),
  /** By service: what came of building the newest commit before a rollout asks for it. */
  nextImages: z.record(z.string(), builtAheadSchema).default({}),
  /** Sealed: what lets somebody in to its internal services. Null in a record of a version that had only the password. */
  access: z.string().nullable().default(null),
  /** bcrypt of the password, for the ingress. */
  passwordHash: z.string(),
  /** What its addresses say in place of the services: of all, or of single ones by name. An empty text is the usual one. */
  maintenance: z
    .object({ all: z.string().nullable(), services: z.record(z.string(), z.string()) })
    .default({ all: null, services: {} }),
  /** The snapshot that it was last started from or that it left when it was stopped. */
  snapshotId: z.string().nullable().default(null),
  /** When it last went back to a snapshot: what was cut of it before does not count any more. */
  rewoundAt: z.string().nullable().default(null),
  /** Of networks, as the file calls them: written down before they are made, and the playground’s until it is destroyed. */
  subnets: z.record(z.string(), z.string()).default({}),
  /** Volumes, as the file calls them, that are to have what is in that snapshot, whatever they have now. */
  filling: z.array(z.string()).default([]),
  /** Of a job: how services ended, kept apart from their containers; once it is over, of all services. */
  ends: jobEndsSchema.default({}),
});

export type ServicesRecord = z.infer<typeof servicesRecordSchema>;

/** Names on disk of one playground. */
export function servicesFiles(root: string, id: string) {
  const folder = `${root}/${id}`;
  return {
    folder,
    record: `${folder}/services.json`,
    /** The file with its templates filled in, as Docker Compose reads it, with what it names beside it. */
    beside: `${folder}/beside`,
    /** Values that it interpolates. */
    environment: `${folder}/beside/interpolation.env`,
    /** The final file. */
    compose: `${folder}/compose.yaml`,
    /** That of a rollout. */
    nextCompose: `${folder}/compose.next.yaml`,
    /** Folders beside the Compose file that containers share; once they lay at `formerShared`. */
    shared: `${folder}/shared`,
    formerShared: `${folder}/compiled`,
    /** Configs and secrets that have their content from the file or a variable. */
    contents: `${folder}/contents`,
    checkout: (service: string) => `${folder}/checkouts/${service}`,
    /** The history lies where no container reaches it: its settings can have Git run programs. */
    history: (service: string) => `${folder}/histories/${service}.git`,
    histories: `${folder}/histories`,
    /** What images are built from, while they are. */
    building: `${folder}/building`,
    /** The end of what containers said, one file per service. */
    logs: `${folder}/logs`,
    journal: (operation: string) => `${folder}/journal-${operation}.jsonl`,
  } as const;
}

/** All records, in memory and on disk. */
export class ServicesRecords {
  readonly #root: string;
  readonly #records = new Map<string, ServicesRecord>();
  readonly #sick = new Map<string, string>();
  readonly #turns = new Turns();

  constructor(root: string) {
    this.#root = root;
  }

  async load(): Promise<void> {
    await makePrivateDirectory(this.#root);
    for (const id of await readdir(this.#root)) {
      try {
        const files = servicesFiles(this.#root, id);
        const found = await readJson(files.record);
        // A folder without a record is a start that got no further.
        if (found === null) await removeDeepTree(files.folder);
        else this.#records.set(id, servicesRecordSchema.parse(found));
        await removeDeepTree(files.building);
      } catch (error) {
        this.#sick.set(id, error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** Ids of those whose record cannot be read, with the reason. They are left alone, but can be destroyed. */
  get sick(): ReadonlyMap<string, string> {
    return this.#sick;
  }

  files(id: string): ReturnType<typeof servicesFiles> {
    return servicesFiles(this.#root, id);
  }

  find(id: string): ServicesRecord | null {
    return this.#records.get(id) ?? null;
  }

  all(): readonly ServicesRecord[] {
    return [...this.#records.values()];
  }

  async save(record: ServicesRecord): Promise<void> {
    const { id } = record.order;
    if (!this.#records.has(id)) {
      await makePrivateDirectory(this.files(id).folder, 0o711);
      await syncDirectory(this.#root);
    }
    this.#records.set(id, record);
    await this.#turns.take(id, async () => {
      const latest = this.#records.get(id);
      if (latest) await writeDurably(this.files(id).record, JSON.stringify(latest));
    });
  }

  /** Changes a record that is there; silent when it was removed meanwhile. */
  async change(id: string, change: Partial<ServicesRecord>): Promise<void> {
    const record = this.#records.get(id);
    if (record) await this.save({ ...record, ...change });
  }

  /** Has nobody’s credentials used for what was somebody’s, until an order says whose it is now. */
  async disown(owner: string): Promise<void> {
    for (const { order } of this.all()) {
      // While others were written this one may have changed, or gone.
      const now = this.#records.get(order.id);
      const change = now === undefined ? {} : ownedByNobody(now, owner);
      if (Object.keys(change).length > 0) await this.change(order.id, change);
    }
  }

  /** Removes the record with all files; it is known as before when they cannot be removed. */
  async remove(id: string): Promise<void> {
    const [record, reason] = [this.#records.get(id), this.#sick.get(id)];
    this.#records.delete(id);
    this.#sick.delete(id);
    try {
      await this.#turns.take(id, async () => await removeDeepTree(this.files(id).folder));
    } catch (error) {
      if (record !== undefined) this.#records.set(id, record);
      if (reason !== undefined) this.#sick.set(id, reason);
      throw error;
    }
  }
}

/** What changes of a record, and of what a rollout is to make of it, when somebody is gone. */
function ownedByNobody({ order, next }: ServicesRecord, owner: string): Partial<ServicesRecord> {
  const change: Partial<ServicesRecord> = order.owner === owner ? { order: { ...order, owner: '' } } : {};
  if (next?.version.order.owner !== owner) return change;
  return {
    ...change,
    next: { ...next, version: { ...next.version, order: { ...next.version.order, owner: '' } } },
  };
}
