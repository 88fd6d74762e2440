import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { z } from 'zod';
import { readTextIfPresent } from '../../system/durable-file.ts';
import type { Docker } from '../docker/docker.ts';
import { ownerLabel, type ServicesContext } from '../services-context.ts';

/** Which network of its file one is; Docker Compose says so of all that it makes. */
const networkKeyLabel = 'com.docker.compose.network';
const networksSchema = z.array(
  z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
);

/**
 * Removes the networks of a playground that a final file does not have, and gives their subnets back. Volumes stay: there may be
 * somebody’s data in them. A network that something is still on stays, too, until the playground goes. Repeatable.
 */
export async function endNetworks(
  { tools: { records }, id }: Pick<ServicesContext, 'tools' | 'id'>,
  { api }: Pick<Docker, 'api'>,
  file: string,
): Promise<void> {
  const text = await readTextIfPresent(file);
  if (text === null) return;
  const { networks } = readFinal(text);
  const filters = encodeURIComponent(JSON.stringify({ label: [ownerLabel(id)] }));
  const found = networksSchema.parse(await api.ask(`/networks?filters=${filters}`));
  for (const { Id, Labels } of found) {
    const key = Labels?.[networkKeyLabel];
    if (key === undefined || (isRecord(networks) && key in networks)) continue;
    const gone = await api.remove(`/networks/${Id}`).then(
      () => true,
      () => false,
    );
    const { [key]: given, ...subnets } = records.find(id)?.subnets ?? {};
    if (gone && given !== undefined) await records.change(id, { subnets });
  }
}
