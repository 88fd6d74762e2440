import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorBody, fromErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { Playspec } from '@playhouse/contract/playspec';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { Interrupted } from '../../program/interrupted.ts';
import { createRenderer } from '../../progress/create-renderer.ts';

export interface SpareInput {
  readonly playspec: string;
  readonly drop: boolean;
  readonly noWait: boolean;
}

/** How often the server is asked whether it is there. */
const askEveryMs = 500;

/** `playhouse playspec spare` */
export async function keepSpare(context: Context, input: SpareInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { name: input.playspec };
  const { playspec } = await client('playspec.keep-spare', { parameters, body: { wanted: !input.drop } });
  const { name } = playspec;
  if (input.drop || input.noWait) {
    const words = input.drop
      ? `No spare copy of ${name} stands by any more; its starts go on from memory.\n`
      : `A spare copy of ${name} is being made.\n  See how far it is: playhouse playspec show ${name}\n`;
    await finish(context, { playspec }, () => words);
    return;
  }
  const ready = await untilThere(context, playspec);
  if (ready.prewarm?.spare === null) {
    await finish(
      context,
      { playspec: ready },
      () => `Somebody else has dropped the spare copy of ${name}.\n`,
    );
    return;
  }
  const error = ready.prewarm?.spare?.error ?? ready.prewarm?.error ?? null;
  if (error !== null) throw fromErrorBody(error as ErrorBody);
  const words = `A spare copy of ${name} stands by for the next start.\n  Try it: playhouse playground start ${name}\n`;
  await finish(context, { playspec: ready }, () => words);
}

/** Waits until the copy is there, or came to nothing; what it waits for meanwhile is shown. */
async function untilThere(context: Context, { name, version }: Playspec): Promise<Playspec> {
  const { client } = await context.connect();
  const { signal } = context;
  const renderer = await createRenderer(context);
  const began = new Date().toISOString();
  try {
    for (;;) {
      const parameters = { name: `${name}@${version}` };
      const { playspec } = await client('playspec.get', { parameters });
      const state = playspec.prewarm?.spare?.state;
      if ((state !== 'waiting' && state !== 'making') || playspec.prewarm?.state === 'failed')
        return playspec;
      const reason =
        playspec.prewarm?.state === 'ready'
          ? 'waiting for memory that nobody needs, or for others to start; Ctrl-C, it goes on without you'
          : 'waiting for the prewarming';
      const detail = state === 'waiting' ? reason : null;
      const label = `Making a spare copy of ${name}`;
      renderer.update([
        { label, status: 'running', startedAt: began, durationMs: null, detail, progress: null },
      ]);
      await sleep(askEveryMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted(
      `Interrupted; the copy is made without you.\n  See how far it is: playhouse playspec show ${name}`,
    );
  } finally {
    renderer.stop();
  }
}
