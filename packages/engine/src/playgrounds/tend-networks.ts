import type { Logger } from 'pino';
import { planPlayground } from './playground-plan.ts';
import type { PlayroomTools } from './playroom-tools.ts';

/** Brings back what the host’s firewall or running playgrounds’ networks have lost. What fails is tried again the next time. */
export async function tendNetworks(
  { records, networks, settings }: Pick<PlayroomTools, 'records' | 'networks' | 'settings'>,
  log: Logger,
): Promise<void> {
  const warn = (error: unknown) => log.warn({ err: error }, 'networks could not be tended');
  const running = records.all().filter(({ state }) => state === 'running');
  const wired = running.map((record) => planPlayground(record, settings).network);
  await networks.tendHost().catch(warn);
  const ailing = await networks.ailing(wired).catch(warn);
  for (const network of ailing ?? []) await networks.tend(network).catch(warn);
}
