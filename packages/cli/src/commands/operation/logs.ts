import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { hasEnded } from '@playhouse/contract/operation';
import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import type { Client } from '@playhouse/contract/routes/client';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

export interface LogsInput {
  readonly reference: string;
  readonly follow: boolean;
}

type LogLine = RouteOutput<RouteTable['operation.logs']>['lines'][number];

const followEvery = 1000;

/** `playhouse logs` */
export async function showLogs(context: Context, input: LogsInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { operation: await findOperation(client, input.reference) };
  let after = 0;
  const read = async (): Promise<readonly LogLine[]> => {
    const { lines } = await client('operation.logs', { parameters, query: { after } });
    after += lines.length;
    return lines;
  };
  if (!input.follow) {
    const lines = await read();
    await print(context, lines, () => render(lines));
    return;
  }
  for (;;) {
    // The state first: lines that came before the end are then surely among those read next.
    const { operation } = await client('operation.get', { parameters });
    const lines = await read();
    if (context.format === 'json')
      for (const line of lines) context.stdout.write(`${JSON.stringify(line)}\n`);
    else context.stdout.write(render(lines));
    if (hasEnded(operation.status)) break;
    await sleep(followEvery, undefined, { signal: context.signal });
  }
}

function render(lines: readonly LogLine[]): string {
  return lines.map(({ at, text }) => `${at.slice(11, 19)} ${text}\n`).join('');
}

/** An id may be that of an operation or of a playground: operations are tried first. */
async function findOperation(client: Client, reference: string): Promise<string> {
  if (/^[0-9a-f]{24}$/.test(reference)) {
    try {
      return (await client('operation.get', { parameters: { operation: reference } })).operation.id;
    } catch (error) {
      if (!(error instanceof PlayhouseError) || error.code !== 'operation-unknown') throw error;
    }
  }
  return (await client('playground.get', { parameters: { playground: reference } })).playground.operationId;
}
