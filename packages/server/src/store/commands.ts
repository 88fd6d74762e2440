// The outbox: commands for the engine, kept until it has durably accepted them.
import { type Command, commandSchema } from '@playhouse/contract/link/command';
import { nextCount } from './counters.ts';
import type { Database } from './schema.ts';

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
      command: JSON.stringify(command),
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
    command: commandSchema.parse(JSON.parse(row.command)),
  }));
}

/** The command that an operation was accepted with; null for an operation that is not known. */
export async function findCommand(database: Database, operationId: string): Promise<Command | null> {
  const row = await database
    .selectFrom('commands')
    .select('command')
    .where('operation_id', '=', operationId)
    .orderBy('sequence')
    .executeTakeFirst();
  return row === undefined ? null : commandSchema.parse(JSON.parse(row.command));
}

/** Notes that the engine has the command. Doing so again changes nothing. */
export async function markCommandAccepted(database: Database, sequence: number, at: string): Promise<void> {
  await database
    .updateTable('commands')
    .set({ accepted_at: at })
    .where('sequence', '=', sequence)
    .where('accepted_at', 'is', null)
    .execute();
}
