import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorBody, fromErrorBody, PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import type { Playspec } from '@playhouse/contract/playspec';
import { followOperation } from '../../connection/follow-operation.ts';
import { finish } from '../../output/finish.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { Interrupted } from '../../program/interrupted.ts';
import { createRenderer } from '../../progress/create-renderer.ts';
import { operationStep } from '../await-operations.ts';

export interface PrewarmInput {
  readonly playspec: string;
  readonly drop: boolean;
  readonly noWait: boolean;
}

/** How often the server is asked whether it has gone on to what is next. */
const askEveryMs = 500;

/** `playhouse playspec prewarm` */
export async function prewarmPlayspec(context: Context, input: PrewarmInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { name: input.playspec };
  if (input.drop) {
    const { playspec } = await client('playspec.drop-prewarm', { parameters });
    await print(
      context,
      { playspec },
      () => `${playspec.name} is not prewarmed any more; its starts boot.\n`,
    );
    return;
  }
  const { playspec, operation } = await client('playspec.prewarm', { parameters });
  const { name } = playspec;
  if (input.noWait) {
    const words = `${name} is being prewarmed.\n  See how far it is: playhouse playspec show ${name}\n`;
    await finish(context, { playspec, operation }, () => words);
    return;
  }
  const warm = await follow(context, playspec, operation);
  if (warm.prewarm?.state !== 'ready') {
    const error = warm.prewarm?.error ?? null;
    throw error === null ? new PlayhouseError('cancelled') : fromErrorBody(error as ErrorBody);
  }
  const words = `${name} is prewarmed: its starts go on from there.\n  Try it: playhouse playground start ${name}\n`;
  await finish(context, { playspec: warm }, () => words);
}

/** Shows the start of the hidden playground and its cut until the server has drawn the line. */
async function follow(context: Context, playspec: Playspec, first: Operation): Promise<Playspec> {
  const connection = await context.connect();
  const { signal } = context;
  const renderer = await createRenderer(context);
  const parts = new Map<string, Operation>();
  const onUpdate = (operation: Operation): void => {
    parts.set(operation.id, operation);
    renderer.update([...parts.values()].map((part) => operationStep(labelOf(part), part)));
  };
  try {
    let next: Operation | null = first;
    for (;;) {
      if (next !== null) await followOperation(connection, { operation: next, onUpdate, signal });
      const parameters = { name: `${playspec.name}@${playspec.version}` };
      const { playspec: latest } = await connection.client('playspec.get', { parameters });
      const { state, operationId } = latest.prewarm ?? {};
      if (state !== 'making') return latest;
      next = null;
      if (typeof operationId === 'string' && !parts.has(operationId)) {
        const query = { parameters: { operation: operationId } };
        next = (await connection.client('operation.get', query)).operation;
      } else await sleep(askEveryMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    const show = `playhouse playspec show ${playspec.name}`;
    throw new Interrupted(`Interrupted; the prewarming goes on without you.\n  See how far it is: ${show}`);
  } finally {
    renderer.stop();
  }
}

function labelOf({ kind }: Operation): string {
  return kind === 'playground.snapshot' ? 'Cutting it with its memory' : 'Starting a playground of it';
}
