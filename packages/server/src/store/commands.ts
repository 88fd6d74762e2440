// The outbox: commands for the engine, kept until it has durably accepted them. They may have values of variables and are sealed.
import { type Command, commandSchema } from '@playhouse/contract/link/command';
import { nextCount } from './counters.ts';
import type { CommandTable, Database } from './schema.ts';
import { labels, sealJson, unsealJson } from './sealed.ts';

export interface OutgoingCommand {
  readonly sequence: number;
  readonly command: Command;
}

/** Appends a command; sequences grow in the order of commits. */
export async function addCommand(database: Database, command: Command, at: string): Promise<void> {
  const sequence = await nextCount(database, 'command');
  await database
    .insertInto('commands')
    .values({
      sequence,
      operation_id: command.operationId,
      command: sealJson(database, command, labels.command(sequence)),
      created_at: at,
      accepted_at: null,
    })
    .execute();
}

/** Commands that the engine has not accepted, after `sequence`, oldest first. */
export async function waitingCommands(
  database: Database,
  sequence: number,
): Promise<readonly OutgoingCommand[]> {
  const rows = await database
    .selectFrom('commands')
    .select(['sequence', 'command'])
    .where('accepted_at', 'is', null)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    command: open(database, row),
  }));
}

/** The command that an operation was accepted with; null for an operation that is not known. */
export async function findCommand(database: Database, operationId: string): Promise<Command | null> {
  const row = await database
    .selectFrom('commands')
    .select(['sequence', 'command'])
    .where('operation_id', '=', operationId)
    .orderBy('sequence')
    .executeTakeFirst();
  return row === undefined ? null : open(database, row);
}

/**
 * Notes that the engine has the command, and with it the values of variables, which it alone keeps: here they are erased, so that
 * not even the key finds them later. Doing so again changes nothing.
 */
export async function markCommandAccepted(database: Database, sequence: number, at: string): Promise<void> {
  const row = await database
    .selectFrom('commands')
    .select(['sequence', 'command'])
    .where('sequence', '=', sequence)
    .where('accepted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return;
  const command = sealJson(database, withoutValues(open(database, row)), labels.command(sequence));
  await database
    .updateTable('commands')
    .set({ accepted_at: at, command })
    .where('sequence', '=', sequence)
    .execute();
}

function open(
  database: Database,
  { sequence, command }: Pick<CommandTable, 'sequence' | 'command'>,
): Command {
  return commandSchema.parse(unsealJson(database, command, labels.command(sequence)));
}

function withoutValues(command: Command): Command {
  if (!('playground' in command) || !('variables' in command.playground)) return command;
  const kept = { ...command.playground, variables: {}, environment: {}, services: {} };
  return { ...command, playground: kept } as Command;
}
