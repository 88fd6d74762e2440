// Networks of playgrounds get subnets of our choice: the pools that a host’s Docker has by itself end with the thirty-first network.
import { isRecord } from '@playhouse/contract/manifest/noun';
import { needsSubnet } from '@playhouse/contract/compose/render/render-networks';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { subnetsOverlap } from '@playhouse/contract/manifest/ipv4';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Run, runOrFail } from '../../system/run.ts';
import { Turns } from '../../system/turns.ts';
import type { Docker } from '../docker/docker.ts';
import { playgroundLabel, type ServicesContext } from '../services-context.ts';
import { addressPool } from './address-pool.ts';
import { freeSubnet, readTaken } from './free-subnet.ts';

const networkSchema = z.object({
  Labels: z.record(z.string(), z.string()).nullish(),
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }).nullish(),
});
const networksSchema = z.array(networkSchema);
const routesSchema = z.array(z.object({ dst: z.string() }));
type Network = z.infer<typeof networkSchema>;
type Subnets = Readonly<Record<string, string>>;
/** Two playgrounds that start at once must not choose the same. */
const turns = new Turns();

/**
 * Chooses a subnet for each network of a rendered file that asks for none, and writes it down, before anything is made with it. Gives
 * those of all networks that have one, by their keys. A network that is there stays as it is, also one without (Docker Compose would
 * make it anew); one whose subnet somebody else took meanwhile gets another. Where none is free, Docker chooses.
 */
export async function reserveSubnets(
  { tools: { records }, id }: Pick<ServicesContext, 'tools' | 'id'>,
  networks: ComposeData,
  docker: Pick<Docker, 'api'>,
  execute: Run = runOrFail,
): Promise<Subnets> {
  const keys = Object.entries(networks).flatMap(([key, network]) =>
    needsSubnet(isRecord(network) ? network : {}) ? [key] : [],
  );
  if (keys.length === 0) return {};
  await turns.take('subnets', async () => {
    const found = networksSchema.parse(await docker.api.ask('/networks'));
    const there = new Map(
      found.flatMap((network) =>
        network.Labels?.[playgroundLabel] === id
          ? [[network.Labels['com.docker.compose.network'] ?? '', subnetsOf(network)] as const]
          : [],
      ),
    );
    const known = Object.entries(records.find(id)?.subnets ?? {});
    const had = Object.fromEntries(known.filter(([key, one]) => there.get(key)?.includes(one) ?? true));
    const missing = keys.filter((key) => !there.has(key));
    const subnets = missing.length === 0 ? had : await choose(missing, had, found);
    if (!isDeepStrictEqual(subnets, records.find(id)?.subnets)) await records.change(id, { subnets });
  });
  return records.find(id)?.subnets ?? {};

  /** Those that it had, changed for the networks that are to be made: what they had, where that is still free. */
  async function choose(
    missing: readonly string[],
    had: Subnets,
    found: readonly Network[],
  ): Promise<Subnets> {
    const others = records.all().filter(({ order }) => order.id !== id);
    const { stdout } = await execute(['ip', '-4', '-json', 'route', 'show', 'table', 'all']);
    const before = new Map(Object.entries(had));
    const chosen = new Map([...before].filter(([key]) => !missing.includes(key)));
    const taken = [
      ...[...found.flatMap(subnetsOf), ...askedFor(networks), ...chosen.values()],
      ...others.flatMap(({ subnets }) => Object.values(subnets)),
      ...routesSchema.parse(JSON.parse(stdout)).map(({ dst }) => dst),
    ].flatMap(readTaken);
    const take = (key: string, subnet: string) => {
      chosen.set(key, subnet);
      taken.push(...readTaken(subnet));
    };
    const isFree = (subnet: string) =>
      readTaken(subnet).every((one) => !taken.some((each) => subnetsOverlap(one, each)));
    for (const key of missing) {
      const subnet = before.get(key);
      if (subnet !== undefined && isFree(subnet)) take(key, subnet);
    }
    for (const key of missing.filter((each) => !chosen.has(each))) {
      const subnet = freeSubnet(addressPool, taken);
      if (subnet !== null) take(key, subnet);
    }
    return Object.fromEntries(chosen);
  }
}

/** The subnets that networks of the file itself ask for. */
function askedFor(networks: ComposeData): readonly string[] {
  return Object.values(networks).flatMap((network) => {
    const ipam = isRecord(network) && isRecord(network['ipam']) ? network['ipam'] : {};
    const configs = Array.isArray(ipam['config']) ? ipam['config'].filter(isRecord) : [];
    return configs.flatMap(({ subnet }) => (typeof subnet === 'string' ? [subnet] : []));
  });
}

function subnetsOf({ IPAM }: Network): readonly string[] {
  return (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
}
