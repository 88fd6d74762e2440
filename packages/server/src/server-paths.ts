import type { Configuration } from '@playhouse/contract/configuration';
import { sharedPaths } from '@playhouse/contract/state-directory';

/** Files that only the server uses, beside those that it shares. docs/on-disk.md documents each. */
export function serverPaths(configuration: Configuration) {
  const shared = sharedPaths(configuration);
  return {
    ...shared,
    database: `${shared.server}/playhouse.db`,
    /** Seals what is secret in the database; 0600. */
    storeKey: `${shared.server}/store.key`,
  } as const;
}
