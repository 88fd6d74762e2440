import type { Operation } from '@playhouse/contract/operation';
import { formatDuration } from './duration.ts';

/** How long an operation took, or has been going on. */
export function operationDuration(operation: Operation, now: number): string {
  const end = operation.endedAt === null ? now : Date.parse(operation.endedAt);
  return formatDuration(end - Date.parse(operation.createdAt));
}
