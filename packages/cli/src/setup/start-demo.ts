import { access, writeFile } from 'node:fs/promises';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import { succeeded } from '../commands/await-operation.ts';
import { followOperation } from '../connection/follow-operation.ts';
import type { Connection } from '../program/context.ts';
import type { StepList } from '../progress/step-list.ts';

const demo = { playspec: 'debian', title: 'demo' } as const;

export interface DemoInput {
  readonly connection: Connection;
  readonly steps: StepList;
  readonly signal: AbortSignal;
  /** Its presence means that the first run is over. */
  readonly markerFile: string;
  readonly wanted: boolean;
}

/** On the first run only: starts the demo and waits for it; goes on with one that an earlier run did not finish. */
export async function startDemo(input: DemoInput): Promise<Playground | null> {
  const { connection, steps, signal, markerFile, wanted } = input;
  if (await exists(markerFile)) return null;
  const { client } = connection;
  let started: Playground | null = null;
  if (wanted) {
    const { playgrounds } = await client('playground.list', { query: { all: 'true' } });
    const own = playgrounds.find(({ title }) => title === demo.title);
    const operation = await operationOf(connection, own, playgrounds.length === 0);
    if (operation !== null) {
      const show = steps.section();
      succeeded(
        await followOperation(connection, { operation, onUpdate: (latest) => show(latest.steps), signal }),
      );
      started = (await client('playground.get', { parameters: { playground: operation.subject.id } }))
        .playground;
    }
  }
  await writeFile(markerFile, `${new Date().toISOString()}\n`);
  return started;
}

async function operationOf(
  { client }: Connection,
  own: Playground | undefined,
  first: boolean,
): Promise<Operation | null> {
  if (own === undefined) return first ? (await client('playground.start', { body: demo })).operation : null;
  const parameters = { playground: own.id };
  if (own.status === 'error') return (await client('playground.retry', { parameters })).operation;
  if (own.status !== 'pending' && own.status !== 'in_progress') return null;
  return (await client('operation.get', { parameters: { operation: own.operationId } })).operation;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
