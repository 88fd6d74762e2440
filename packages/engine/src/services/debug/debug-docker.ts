import type { ServicesDebug } from '@playhouse/contract/services-debug';
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';

const versionSchema = z.object({ Version: z.string() });
const networksSchema = z.array(
  z.object({
    Name: z.string(),
    Driver: z.string(),
    Internal: z.boolean(),
    IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }).nullish(),
  }),
);
const imageSchema = z.object({
  Created: z.string().nullish(),
  Size: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

export async function dockerVersion(api: DockerApi): Promise<string> {
  return versionSchema.parse(await api.ask('/version')).Version;
}

/** The networks that carry a label. */
export async function dockerNetworks(api: DockerApi, label: string): Promise<ServicesDebug['networks']> {
  const found = networksSchema.parse(await api.ask(`/networks?filters=${labelled(label)}`));
  return found.map(({ Name, Driver, Internal, IPAM }) => ({
    ...{ name: Name, driver: Driver, internal: Internal },
    subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []),
  }));
}

/** What is known of an image; null when it is not there. */
export async function dockerImage(api: DockerApi, name: string) {
  const found = await api.ask(`/images/${name}/json`);
  if (found === null) return null;
  const { Created, Size, Config } = imageSchema.parse(found);
  return { builtAt: Created ?? null, sizeBytes: Size, commit: Config?.Labels?.['playhouse.commit'] ?? null };
}

function labelled(label: string): string {
  return encodeURIComponent(JSON.stringify({ label: [label] }));
}
