import { isRecord } from '../../manifest/noun.ts';
import { textOf } from '../text-of.ts';

/** Whether the `logging:` of a service leaves its logs where they can be read here. */
export function hasReadableLogs(logging: unknown): boolean {
  const driver = isRecord(logging) ? logging['driver'] : undefined;
  return driver === undefined || ['json-file', 'local', 'journald'].includes(textOf(driver));
}
