import type { Command } from '@playhouse/contract/link/command';
import type { Operation, OperationKind } from '@playhouse/contract/operation';
import { addCommand } from '../store/commands.ts';
import { addOperation } from '../store/operations.ts';
import type { Database } from '../store/schema.ts';

/** A command that an operation is made of. */
export type OperationCommand = Extract<Command, { kind: OperationKind | `services.${string}` }>;

/** What users see of both kinds of playgrounds is the same. */
export function operationKindOf(command: OperationCommand): OperationKind {
  switch (command.kind) {
    case 'services.start':
      return command.again ? 'playground.restart' : 'playground.start';
    case 'services.rollout':
      if (command.heal) return 'playground.heal';
      return command.hard ? 'playground.hard-restart' : 'playground.rollout';
    case 'services.rewind':
      return 'playground.rewind';
    case 'services.stop':
      return 'playground.stop';
    case 'services.destroy':
      return 'playground.destroy';
    default:
      return command.kind;
  }
}

export interface NewOperation {
  readonly id: string;
  readonly subject: Operation['subject'];
  readonly command: OperationCommand;
  readonly at: string;
}

/** Writes a pending operation and the command that has the engine carry it out, both in the caller's transaction. */
export async function acceptOperation(database: Database, accepted: NewOperation): Promise<Operation> {
  const operation: Operation = {
    id: accepted.id,
    kind: operationKindOf(accepted.command),
    subject: accepted.subject,
    status: 'pending',
    steps: [],
    error: null,
    createdAt: accepted.at,
    updatedAt: accepted.at,
    endedAt: null,
  };
  await addOperation(database, operation);
  await addCommand(database, accepted.command, accepted.at);
  return operation;
}
