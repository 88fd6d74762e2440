// What the engine knows of each playground, on disk as playgrounds/<id>/playground.json: the truth about this host.
import { readdir } from 'node:fs/promises';
import { identifierSchema } from '@playhouse/contract/identifier';
import { playgroundOrderSchema } from '@playhouse/contract/link/command';
import { playgroundReportSchema } from '@playhouse/contract/link/report';
import { machineStates } from '@playhouse/contract/machine';
import type { PlaygroundSpec } from '@playhouse/contract/manifest/manifest';
import { identityReportSchema } from '@playhouse/contract/snapshot';
import { z } from 'zod';
import { driveChainSchema } from '../layers/drive-chain.ts';
import {
  makePrivateDirectory,
  readJson,
  removeTree,
  syncDirectory,
  writeDurably,
} from '../system/durable-file.ts';
import { taskStateSchema } from '../tasks/task-graph.ts';
import { Turns } from '../system/turns.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import { cutPlanSchema } from './cut/cut-plan.ts';

type ManifestMachine = NonNullable<PlaygroundSpec['machines']>[number];

/** What became of each drive of the manifest, in its order. */
const driveRecordSchema = driveChainSchema.extend({
  /** Number of the overlay that the machine writes; null until it is made, after a cut of a machine that is off. */
  overlay: z.int().nullable().default(0),
  /** How many overlays the drive had: the number of the next one. */
  overlays: z.int().default(1),
  /** A layer that holds what the lowest `count` of `layers` hold: taken instead of them as soon as no process has them open. */
  merged: z.object({ layer: z.string(), count: z.int() }).nullable().default(null),
});

const currentMachineRecordSchema = z.object({
  name: z.string(),
  state: z.enum(machineStates),
  drives: z.array(driveRecordSchema),
  hostKey: z.string().nullable(),
  /** How often the machine was booted; numbers its console logs. */
  boots: z.int(),
  process: z.object({ pid: z.int(), startTime: z.string(), bootId: z.string() }).nullable(),
  /** Of a machine that began as a copy: its own, forced on the image. */
  machineId: z.string().nullable().default(null),
  identity: identityReportSchema.nullable().default(null),
  /** The memory image that its process maps. */
  memory: z.string().nullable().default(null),
  /** True when it is to go on from the memory in the playground’s snapshot, not to boot. */
  resumes: z.boolean().default(false),
});

/** Engines before this one knew root drives only, and kept the layer of it. */
const machineRecordSchema = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('layer' in value) || 'drives' in value) return value;
  return { ...value, drives: [{ layer: value.layer, sizeBytes: null }] };
}, currentMachineRecordSchema);

const playgroundRecordSchema = z.object({
  order: playgroundOrderSchema,
  /** Which slice of the edge range it has. */
  slot: z.int(),
  state: playgroundReportSchema.shape.state,
  /** True once it was running: from then on its drives hold what somebody wrote, and are never made anew. */
  established: z.boolean().default(false),
  error: playgroundReportSchema.shape.error,
  machines: z.array(machineRecordSchema),
  /** How far each init task came, by name. */
  tasks: z.record(z.string(), taskStateSchema).default({}),
  /** What was last given to tasks that take an input, by name. */
  inputs: z.record(z.string(), z.string()).default({}),
  /** The snapshot that it was last started from or that it left when it was stopped. */
  snapshotId: z.string().nullable().default(null),
  /** Startup files were written once for this: a fork has that of its origin. Null: the playground’s own id. */
  startupId: z.string().nullable().default(null),
  /** A cut that is going on, or was when an engine died. */
  cut: cutPlanSchema.nullable().default(null),
});

export type DriveRecord = z.infer<typeof driveRecordSchema>;
export type MachineRecord = z.infer<typeof machineRecordSchema>;
export type PlaygroundRecord = z.infer<typeof playgroundRecordSchema>;

/** A drive of which nothing was made yet. */
export const noDrive: DriveRecord = {
  layer: null,
  sizeBytes: null,
  layers: [],
  overlay: 0,
  overlays: 1,
  merged: null,
};

/** A machine of which nothing was made yet. */
export function newMachine({ name, drives }: Pick<ManifestMachine, 'name' | 'drives'>): MachineRecord {
  return {
    name,
    state: 'pending',
    drives: drives.map(() => noDrive),
    machineId: null,
    identity: null,
    memory: null,
    resumes: false,
    hostKey: null,
    boots: 0,
    process: null,
  };
}

/** The records of all playgrounds, in memory and on disk. */
export class PlaygroundRecords {
  readonly #paths: EnginePaths;
  readonly #records = new Map<string, PlaygroundRecord>();
  readonly #sick = new Map<string, string>();
  /** The last change of each folder: machines of one playground change at the same time, files must not. */
  readonly #turns = new Turns();

  constructor(paths: EnginePaths) {
    this.#paths = paths;
  }

  /** Reads what an earlier engine left. Folders without a record are crumbs of a half-accepted start: the janitor’s. */
  async load(): Promise<void> {
    await makePrivateDirectory(this.#paths.playgrounds);
    for (const id of await readdir(this.#paths.playgrounds)) {
      if (!identifierSchema.safeParse(id).success) continue;
      try {
        const record = await readJson(this.#paths.playgroundRecord(id));
        if (record !== null) this.#records.set(id, playgroundRecordSchema.parse(record));
      } catch (error) {
        this.#sick.set(id, error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** Playgrounds whose record cannot be read, with the reason: left alone, so that an operator can mend or save them. */
  get sick(): ReadonlyMap<string, string> {
    return this.#sick;
  }

  /** Says that nothing is left of a playground whose record could not be read. */
  forgetSick(id: string): void {
    this.#sick.delete(id);
  }

  get(id: string): PlaygroundRecord | undefined {
    return this.#records.get(id);
  }

  all(): readonly PlaygroundRecord[] {
    return [...this.#records.values()];
  }

  /** Replaces the record, durably. */
  async save(record: PlaygroundRecord): Promise<PlaygroundRecord> {
    const { id } = record.order;
    if (!this.#records.has(id)) {
      await makePrivateDirectory(this.#paths.playground(id));
      await syncDirectory(this.#paths.playgrounds);
    }
    this.#records.set(id, record);
    await this.#turns.take(id, async () => {
      const latest = this.#records.get(id);
      // Removed meanwhile: a machine’s last words must not bring it back.
      if (latest) await writeDurably(this.#paths.playgroundRecord(id), JSON.stringify(latest));
    });
    return record;
  }

  /** Changes one machine’s part of the record, durably. */
  async saveMachine(
    id: string,
    name: string,
    change: Partial<MachineRecord>,
  ): Promise<PlaygroundRecord | undefined> {
    const record = this.#records.get(id);
    if (!record) return undefined;
    const machines = record.machines.map((machine) =>
      machine.name === name ? { ...machine, ...change } : machine,
    );
    return await this.save({ ...record, machines });
  }

  /** Forgets the playground and deletes its folder, the record last, so that a crash in between is taken up again. */
  async remove(id: string): Promise<void> {
    const folder = this.#paths.playground(id);
    for (const entry of await readdir(folder).catch(() => [])) {
      if (`${folder}/${entry}` !== this.#paths.playgroundRecord(id)) await removeTree(`${folder}/${entry}`);
    }
    await this.#turns.take(id, async () => {
      await removeTree(folder);
      await syncDirectory(this.#paths.playgrounds);
      this.#records.delete(id);
    });
  }
}
