import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import { compiledOf, type ServicesTools } from './services-context.ts';
import type { ServicesRecord } from './services-record.ts';

/**
 * The record of a playground that has all of these, now or in what it is being brought to.
 * @throws PlayhouseError playground-unknown, service-missing
 */
export function requireServices(
  tools: Pick<ServicesTools, 'records' | 'box'>,
  id: string,
  services: readonly string[],
): ServicesRecord {
  const record = tools.records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  if (services.length === 0) return record;
  const versions = [record, ...(record.next === null ? [] : [{ ...record, ...record.next.version }])];
  const names = versions.flatMap((version) =>
    compiledOf(tools, version).plan.services.map(({ name }) => name),
  );
  const missing = services.find((service) => !names.includes(service));
  if (missing === undefined) return record;
  const [playground, known] = [projectName(record.order), [...new Set(names)].join(', ')];
  throw new PlayhouseError('service-missing', { playground, service: missing, known });
}
