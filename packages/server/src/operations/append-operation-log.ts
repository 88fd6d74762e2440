import type { ControlPlane } from '../control-plane.ts';
import { appendLog } from '../store/operation-logs.ts';

/** Stores lines that the engine logged for an operation and shows them to who listens. Unknown operations are ignored. */
export async function appendOperationLog(
  plane: Pick<ControlPlane, 'store' | 'feed' | 'now'>,
  operationId: string,
  lines: string[],
): Promise<void> {
  if (lines.length === 0) return;
  const at = plane.now().toISOString();
  const known = await plane.store.transaction((transaction) =>
    appendLog(transaction, operationId, lines, at),
  );
  if (known) plane.feed.publish({ kind: 'log', operationId, lines });
}
