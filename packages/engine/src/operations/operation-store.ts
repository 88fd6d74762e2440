// The engine’s durable inbox: an accepted command is a file until the server has acknowledged its final report.
import { readdir } from 'node:fs/promises';
import { type Command, commandSchema } from '@playhouse/contract/link/command';
import { operationReportSchema } from '@playhouse/contract/link/report';
import { z } from 'zod';
import { Turns } from '../system/turns.ts';
import { makePrivateDirectory, readJson, removeTree, writeDurably } from '../system/durable-file.ts';

const acceptedOperationSchema = z.object({
  sequence: z.int(),
  command: commandSchema,
  /** Set by a later `operation.cancel`. */
  cancelled: z.boolean(),
  /** The final report, once there is one. */
  report: operationReportSchema.nullable(),
});

export type WorkCommand = Exclude<Command, { kind: 'operation.cancel' | 'credential.forget' }>;
export type AcceptedOperation = Omit<z.infer<typeof acceptedOperationSchema>, 'command'> & {
  command: WorkCommand;
};

export class OperationStore {
  readonly #directory: string;
  /** The last change of each file: a cancellation and a final report may come at the same moment, writes must not. */
  readonly #turns = new Turns();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All accepted operations that the server has not seen the end of, in the order they were accepted. */
  async load(): Promise<readonly AcceptedOperation[]> {
    await makePrivateDirectory(this.#directory);
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith('.json'));
    const files = await Promise.all(names.map((name) => readJson(`${this.#directory}/${name}`)));
    const operations = files.map((file) => acceptedOperationSchema.parse(file) as AcceptedOperation);
    return operations.toSorted((a, b) => a.sequence - b.sequence);
  }

  async save(operation: AcceptedOperation): Promise<void> {
    const { operationId } = operation.command;
    const write = async () => await writeDurably(this.#path(operationId), JSON.stringify(operation));
    await this.#turns.take(operationId, write);
  }

  async remove(operationId: string): Promise<void> {
    await this.#turns.take(operationId, async () => await removeTree(this.#path(operationId)));
  }

  #path(operationId: string): string {
    return `${this.#directory}/${operationId}.json`;
  }
}
