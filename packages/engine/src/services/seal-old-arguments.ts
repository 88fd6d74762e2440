import type { ServicesTools } from './services-context.ts';
import { sealArguments } from './services-secrets.ts';

/**
 * Seals the arguments of builds in records of a version that kept them in the order. Gives the ids of those whose secrets cannot be
 * opened: they are left alone. Snapshots of that version, which never change, keep theirs.
 */
export async function sealOldArguments(
  tools: Pick<ServicesTools, 'box' | 'records'>,
): Promise<readonly string[]> {
  const unopened: string[] = [];
  for (const record of tools.records.all()) {
    try {
      const sealed = sealArguments(tools, record);
      const version = record.next === null ? null : sealArguments(tools, record.next.version);
      if (sealed === null && version === null) continue;
      const next = record.next === null || version === null ? record.next : { ...record.next, version };
      await tools.records.save({ ...(sealed ?? record), next });
    } catch {
      unopened.push(record.order.id);
    }
  }
  return unopened;
}
