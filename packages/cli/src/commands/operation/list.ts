import type { Operation } from '@playhouse/contract/operation';
import { formatAge } from '../../output/duration.ts';
import { operationDuration } from '../../output/operation-duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

export interface OperationListInput {
  readonly playground: string | undefined;
  readonly limit: number | undefined;
}

/** `playhouse operation list` */
export async function listOperations(context: Context, input: OperationListInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, limit } = input;
  const query = {
    ...(playground === undefined ? {} : { playground }),
    ...(limit === undefined ? {} : { limit }),
  };
  const { operations } = await client('operation.list', { query });
  await print(context, operations, () =>
    operations.length === 0 ? 'No operations yet.\n' : render(operations, context.now()),
  );
}

function render(operations: readonly Operation[], now: number): string {
  const rows = operations.map((operation) => [
    operation.id,
    operation.kind,
    operation.subject.name,
    operation.status,
    formatAge(operation.createdAt, now),
    operationDuration(operation, now),
  ]);
  return renderTable(['id', 'kind', 'on', 'status', 'created', 'took'], rows);
}
