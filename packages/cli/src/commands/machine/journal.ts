import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalChunk, JournalEntry } from '@playhouse/contract/link/question';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

export interface JournalInput {
  readonly playground: string;
  readonly machine: string;
  readonly unit: string | undefined;
  readonly lines: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly cursor: string | undefined;
  readonly follow: boolean;
}

const followEvery = 2000;
/** A guest that writes faster than it is read would never end; a chunk is up to a MiB. */
const mostChunks = 64;

/** `playhouse machine journal` */
export async function showJournal(context: Context, input: JournalInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, machine, unit, lines, since, until, follow } = input;
  const read = async (after: string | undefined): Promise<JournalChunk> => {
    const asked = Object.entries({ unit, lines, since, until, after }).filter(
      ([, value]) => value !== undefined,
    );
    const query = Object.fromEntries(asked);
    return (await client('machine.journal', { parameters: { playground, machine }, query })).journal;
  };
  let cursor = input.cursor;
  let chunks = 0;
  const entries: JournalEntry[] = [];
  for (;;) {
    const chunk = await read(cursor);
    cursor = chunk.cursor ?? cursor;
    if (context.format === 'table') context.stdout.write(chunk.entries.map(line).join(''));
    else if (follow) for (const entry of chunk.entries) context.stdout.write(`${JSON.stringify(entry)}\n`);
    else entries.push(...chunk.entries);
    chunks += 1;
    if (chunk.more && (follow || chunks < mostChunks)) continue;
    if (!follow) break;
    await sleep(followEvery, undefined, { signal: context.signal });
  }
  if (context.format !== 'table') await print(context, { entries, cursor: cursor ?? null }, () => '');
}

/** `2026-01-31 12:00:00 sshd[312]: message`, further lines of a message indented. */
function line({ at, identifier, pid, message }: JournalEntry): string {
  const sender = `${identifier ?? 'unknown'}${pid === null ? '' : `[${pid}]`}`;
  return `${at.slice(0, 19).replace('T', ' ')} ${sender}: ${message.trimEnd().replaceAll('\n', '\n    ')}\n`;
}
