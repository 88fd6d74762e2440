import { createClient } from '@playhouse/contract/routes/client';
import type { Connection } from '../program/context.ts';
import { findAccess } from './access.ts';
import { requestPatience, timedFetch } from './timed-fetch.ts';

/** A client for the server that environment, options and stored credentials name. Nothing is sent yet. */
export async function connect(
  environment: Readonly<Record<string, string | undefined>>,
  endpointOption: string | null,
  signal: AbortSignal,
): Promise<Connection> {
  const access = await findAccess(environment, endpointOption);
  return { ...access, client: createClient({ ...access, signal, fetch: timedFetch(requestPatience) }) };
}
