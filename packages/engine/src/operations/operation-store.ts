// The engine’s durable inbox: an accepted command is a file until the server has acknowledged its final report.
import { readdir } from 'node:fs/promises';
import { type Command, commandSchema } from '@playhouse/contract/link/command';
import { operationReportSchema } from '@playhouse/contract/link/report';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { z } from 'zod';
import { Turns } from '../system/turns.ts';
import { makePrivateDirectory, readJson, removeTree, writeDurably } from '../system/durable-file.ts';

const acceptedOperationSchema = z.object({
  sequence: z.int(),
  /** Sealed: it may have values of variables. */
  command: z.string(),
  /** Set by a later `operation.cancel`. */
  cancelled: z.boolean(),
  /** The final report, once there is one. */
  report: operationReportSchema.nullable(),
});

export type WorkCommand = Exclude<Command, { kind: 'operation.cancel' | 'credential.forget' }>;
export interface AcceptedOperation extends Omit<z.infer<typeof acceptedOperationSchema>, 'command'> {
  readonly command: WorkCommand;
}

export class OperationStore {
  readonly #directory: string;
  /** The last change of each file: a cancellation and a final report may come at the same moment, writes must not. */
  readonly #turns = new Turns();

  readonly #box: SecretBox;

  constructor(directory: string, box: SecretBox) {
    this.#directory = directory;
    this.#box = box;
  }

  /** All accepted operations that the server has not seen the end of, in the order they were accepted. */
  async load(): Promise<readonly AcceptedOperation[]> {
    await makePrivateDirectory(this.#directory);
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith('.json'));
    const operations = await Promise.all(names.map(async (name) => await this.#read(name)));
    return operations.toSorted((a, b) => a.sequence - b.sequence);
  }

  async save(operation: AcceptedOperation): Promise<void> {
    const { operationId } = operation.command;
    const command = this.#box.seal(JSON.stringify(operation.command), labelOf(operationId));
    const text = JSON.stringify({ ...operation, command });
    const write = async () => await writeDurably(this.#path(operationId), text);
    await this.#turns.take(operationId, write);
  }

  async remove(operationId: string): Promise<void> {
    await this.#turns.take(operationId, async () => await removeTree(this.#path(operationId)));
  }

  async #read(name: string): Promise<AcceptedOperation> {
    const kept = acceptedOperationSchema.parse(await readJson(`${this.#directory}/${name}`));
    const command = this.#box.unseal(kept.command, labelOf(name.replace('.json', '')));
    return { ...kept, command: commandSchema.parse(JSON.parse(command)) as WorkCommand };
  }

  #path(operationId: string): string {
    return `${this.#directory}/${operationId}.json`;
  }
}

function labelOf(operationId: string): string {
  return `operation ${operationId}`;
}
