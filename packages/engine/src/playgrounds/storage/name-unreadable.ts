import type { Logger } from 'pino';
import type { PlayroomTools } from '../playroom-tools.ts';

/** Says in the log what could not be read when the engine began, and why: it is left alone for an operator to mend. */
export function nameUnreadable(
  { records, layers, snapshots }: Pick<PlayroomTools, 'records' | 'layers' | 'snapshots'>,
  log: Pick<Logger, 'error'>,
): void {
  for (const [what, { sick }] of Object.entries({
    playground: records,
    layer: layers,
    snapshot: snapshots,
  })) {
    for (const [id, reason] of sick)
      log.error({ [what]: id, reason }, `the record of a ${what} cannot be read; it is left alone`);
  }
}
