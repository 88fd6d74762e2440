import type { Playground } from '@playhouse/contract/playground';
import { serviceTable } from '../../output/service-table.ts';

/** What is said of a playground that runs: how it is reached, and how one gets rid of it. */
export function runningWords({ name, number, kind, services }: Playground): string {
  const remove = `  Remove it:    playhouse playground destroy ${number}\n`;
  if (kind !== 'compose') return `${name} is running.\n  Open a shell: playhouse ssh ${number}\n${remove}`;
  const asks = services.some(({ visibility }) => visibility === 'internal');
  const password = asks ? `  Password of internal services: playhouse playground password ${number}\n` : '';
  // A job has no addresses, and ends by itself.
  const result = services.some(({ watched }) => watched)
    ? `  Wait for its result: playhouse playground wait ${number}\n`
    : '';
  return `${name} is running.\n\n${serviceTable(services)}\n${password}${result}${remove}`;
}
