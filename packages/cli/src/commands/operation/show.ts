import type { Operation } from '@playhouse/contract/operation';
import { formatAge, formatDuration } from '../../output/duration.ts';
import { operationDuration } from '../../output/operation-duration.ts';
import { print } from '../../output/print.ts';
import { renderFields, renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { progressText } from '../../progress/progress-text.ts';

/** `playhouse operation show` */
export async function showOperation(
  context: Context,
  input: { readonly operation: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('operation.get', { parameters: input });
  await print(context, operation, () => render(operation, context.now()));
}

function render(operation: Operation, now: number): string {
  const { error } = operation;
  const fields = renderFields([
    ['Id', operation.id],
    ['Kind', operation.kind],
    ['On', operation.subject.name],
    ['Status', operation.status],
    ['Created', formatAge(operation.createdAt, now)],
    ['Took', operationDuration(operation, now)],
    ...(error === null
      ? []
      : ([
          ['Error', error.message.replaceAll('\n', '\n    ')],
          ['Hint', error.hint],
        ] as const)),
  ]);
  if (operation.steps.length === 0) return fields;
  const rows = operation.steps.map((step) => [
    step.label,
    step.status,
    step.durationMs === null ? '-' : formatDuration(step.durationMs),
    [step.progress === null ? '' : progressText(step.progress), step.detail ?? '']
      .filter((text) => text !== '')
      .join(', '),
  ]);
  return `${fields}\n${renderTable(['step', 'status', 'took', 'detail'], rows)}`;
}
