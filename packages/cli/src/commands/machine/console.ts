import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ConsoleChunk } from '@playhouse/contract/link/question';
import { print } from '../../output/print.ts';
import type { Client } from '@playhouse/contract/routes/client';
import type { Context } from '../../program/context.ts';

export interface ConsoleInput {
  readonly playground: string;
  readonly machine: string | undefined;
  readonly boot: number | undefined;
  readonly boots: boolean;
  readonly follow: boolean;
  readonly tail: number | undefined;
}

const chunkBytes = 1_048_576;
const followEvery = 500;

/** `playhouse console` and `playhouse machine console` */
export async function showConsole(context: Context, input: ConsoleInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = {
    playground: input.playground,
    machine: input.machine ?? (await firstMachine(client, input)),
  };
  const read = async (offset: number | undefined, boot = input.boot): Promise<ConsoleChunk> => {
    const query = {
      limit: chunkBytes,
      ...(boot === undefined ? {} : { boot }),
      ...(offset === undefined ? {} : { offset }),
    };
    return (await client('machine.console', { parameters, query })).console;
  };
  if (input.boots) {
    const { boots } = await read(0);
    await print(context, boots, () => boots.map((boot) => `${boot}\n`).join(''));
    return;
  }
  // With --tail the end of the log is enough; the whole log is read from its beginning.
  let chunk = await read(input.tail === undefined ? 0 : undefined);
  if (input.tail !== undefined) chunk = { ...chunk, content: lastLines(chunk.content, input.tail) };
  if (context.format !== 'table') {
    await print(context, chunk, () => '');
    return;
  }
  for (;;) {
    context.stdout.write(chunk.content);
    const more = chunk.nextOffset > chunk.offset;
    if (!more && !input.follow) break;
    if (!more) await sleep(followEvery, undefined, { signal: context.signal });
    chunk = await read(chunk.nextOffset, chunk.boot);
  }
}

/** The last `count` lines of a text, with the final line break it had. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  const open = lines.at(-1) === '' ? 1 : 0;
  return count === 0 ? '' : lines.slice(-(count + open)).join('\n');
}

async function firstMachine(client: Client, { playground }: ConsoleInput): Promise<string> {
  const { machines } = await client('playground.machines', { parameters: { playground } });
  const [first] = machines;
  if (first) return first.name;
  throw new PlayhouseError('machine-unknown', { playground, machine: '(first)', known: 'none yet' });
}
