import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { projectName } from '@playhouse/contract/identifier';
import type { ContainerDetails } from '../docker/container-details.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import { readHistory } from '../logs/log-history.ts';
import type { KeptLogs } from '../logs/kept-logs.ts';
import { Positions } from '../logs/positions.ts';
import { showLine } from '../logs/said-line.ts';
import type { SecretMask } from '../secrets/secret-mask.ts';
import { ownerLabel } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { isWell } from './debug-service.ts';

const linesOfEach = 20;
const longestLine = 500;
const patienceMs = 5000;

export interface LastLinesParts {
  readonly record: ServicesRecord;
  readonly api: DockerApi | null;
  readonly containers: readonly ContainerDetails[];
  readonly services: readonly PlannedService[];
  readonly kept: KeptLogs;
  readonly mask: SecretMask;
}

/** The end of the logs of services that are not well, by service. */
export async function lastLines(parts: LastLinesParts): Promise<ReadonlyMap<string, readonly string[]>> {
  const { record, api, containers, services, kept, mask } = parts;
  const { id } = record.order;
  const well = (name: string) => {
    const own = containers.filter(({ service }) => service === name);
    return own.length > 0 && own.every(isWell);
  };
  const sick = new Set(services.flatMap(({ name }) => (well(name) ? [] : [name])));
  const lines = new Map<string, string[]>();
  if (sick.size === 0) return lines;
  const wants = (service: string) => sick.has(service);
  const positions = new Positions(null);
  const project = projectName(record.order);
  const signal = AbortSignal.timeout(patienceMs);
  const reading =
    api === null ? null : { api, label: ownerLabel(id), project, wants, positions, mask: () => mask, signal };
  const history = { reading, kept: await kept.read(id), wants, positions, tail: linesOfEach };
  for await (const line of readHistory(history)) {
    const { service, at, text } = showLine(line, false, mask);
    if (service === null) continue;
    lines.set(service, [...(lines.get(service) ?? []), `${at} ${text.slice(0, longestLine)}`]);
  }
  return lines;
}
