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

/** Notes that the engine has the command, and with it the values of variables, which it alone keeps. Doing so again changes nothing. */
export async function markCommandAccepted(database: Database, sequence: number, at: string): Promise<void> {
  const row = await database
    .selectFrom('commands')
    .select('command')
    .where('sequence', '=', sequence)
    .where('accepted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return;
  const command = JSON.stringify(withoutValues(commandSchema.parse(JSON.parse(row.command))));
  await database
    .updateTable('commands')
    .set({ accepted_at: at, command })
    .where('sequence', '=', sequence)
    .execute();
}

function withoutValues(command: Command): Command {
  if (!('playground' in command) || !('variables' in command.playground)) return command;
  const { services, ...order } = command.playground;
  const wishes = Object.entries(services).map(([name, wish]) => [name, { ...wish, environment: {} }]);
  const kept = {
    ...order,
    variables: {},
    environment: {},
    services: Object.fromEntries(wishes) as typeof services,
  };
  return { ...command, playground: kept } as Command;
}
