// What services were started with, in one word that the server tells in its health: `<digest of the code>+<digest of the
// rest>`. When it differs from what it would be now, `up` restarts them.
import { createHash } from 'node:crypto';
import type { Configuration } from '@playhouse/contract/configuration';
import type { ServicePlan } from '../supervisor/plan.ts';

/** The digest of code, configuration and the way the services are started, environment included. */
export function startDigest(
  codeDigest: string,
  configuration: Configuration,
  services: readonly ServicePlan[],
): string {
  const rest = createHash('sha256')
    .update(JSON.stringify([configuration, services]))
    .digest('hex');
  return `${codeDigest}+${rest.slice(0, 16)}`;
}

/** The code's part of a start digest. */
export function codePart(digest: string): string {
  return digest.split('+')[0] ?? '';
}
