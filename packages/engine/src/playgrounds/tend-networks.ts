import type { Logger } from 'pino';
import { planPlayground } from './playground-plan.ts';
import type { PlayroomTools } from './playroom-tools.ts';

/** Brings back what the host’s firewall or the networks of running playgrounds have lost. What fails is tried again the next time. */
export async function tendNetworks(
  { records, networks, settings }: Pick<PlayroomTools, 'records' | 'networks' | 'settings'>,
  log: Logger,
): Promise<void> {
  await networks
    .tendHost()
    .catch((error: unknown) => log.warn({ err: error }, 'the host’s firewall stays as it is'));
  for (const record of records.all()) {
    if (record.state !== 'running') continue;
    await networks.tend(planPlayground(record, settings).network).catch((error: unknown) => {
      log.warn({ playground: record.order.id, err: error }, 'a network could not be tended');
    });
  }
}
