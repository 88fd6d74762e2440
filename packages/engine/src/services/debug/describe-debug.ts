// All that helps to find out what is wrong with a playground of services. Says as much as it can whatever is broken, changes nothing,
// starts nothing, and has no secret in it.
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import type { ServicesDebug } from '@playhouse/contract/services-debug';
import { readTextIfPresent } from '../../system/durable-file.ts';
import { containerDetails } from '../docker/container-details.ts';
import type { KeptLogs } from '../logs/kept-logs.ts';
import { hostOf } from '../routes.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { shownValues } from '../secrets/shown-values.ts';
import { compiledOf, ownerLabel, type ServicesTools } from '../services-context.ts';
import { dockerNetworks, dockerVersion } from './debug-docker.ts';
import { debugService } from './debug-service.ts';
import { lastLines } from './last-lines.ts';
import { maskCompose } from './masked-compose.ts';
import { servedCertificate } from './served-certificate.ts';
import { Troubles } from './troubles.ts';
import { volumesOf } from '../volumes/volumes-of.ts';

export interface DebugTools extends ServicesTools {
  readonly kept: KeptLogs;
  readonly httpsPort: number;
}

/** @throws PlayhouseError playground-unknown */
export async function describeDebug(tools: DebugTools, id: string): Promise<ServicesDebug> {
  const record = tools.records.find(id);
  if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
  const troubles = new Troubles();
  const mask = maskOf(tools, id);
  const label = ownerLabel(id);
  const api = (await troubles.try('Docker', null, tools.dockerIfThere))?.api ?? null;
  const ask = async <T>(about: string, instead: T, find: (docker: NonNullable<typeof api>) => Promise<T>) =>
    api === null ? instead : await troubles.try(about, instead, async () => await find(api));
  const compiled = await troubles.try('Compose file', null, () => compiledOf(tools, record));
  const text = await troubles.try('final Compose file', null, async () =>
    readTextIfPresent(tools.records.files(id).compose),
  );
  const final = await troubles.try('final Compose file', {}, () => (text === null ? {} : readFinal(text)));
  const containers = await ask('containers', [], async (docker) => await containerDetails(docker, label));
  const volumes = await ask(
    'volumes',
    [],
    async (docker) => await volumesOf({ tools, id, rollout: false }, docker),
  );
  const named = isRecord(final) && isRecord(final['volumes']) ? final['volumes'] : {};
  const services = compiled?.plan.services ?? [];
  const parts = {
    ...{ tools, id, rollout: false, api, containers, mask, troubles },
    written: (name: string) => serviceIn(compiled?.compiled, name),
    final: (name: string) => serviceIn(final, name),
  };
  const lines = await troubles.try('logs', new Map<string, readonly string[]>(), async () =>
    lastLines({ record, api, containers, services, kept: tools.kept, mask }),
  );
  const hosts = new Set(services.flatMap((service) => hostOf(record, service) ?? []));
  const { state, error, next } = record;
  return {
    state,
    error: error && { ...error, message: mask.text(error.message) },
    rollout: next !== null,
    docker: {
      answers: api !== null,
      version: await ask<string | null>('version of Docker', null, dockerVersion),
      socket: api?.socket ?? null,
    },
    values: shownValues(compiled?.values ?? [], mask),
    services: await Promise.all(
      services.map(async (service) => ({
        ...(await debugService(parts, service)),
        lastLines: [...(lines.get(service.name) ?? [])],
      })),
    ),
    networks: await ask('networks', [], async (docker) => await dockerNetworks(docker, label)),
    volumes: volumes.map(({ name }) => name),
    unusedVolumes:
      text === null ? [] : volumes.filter((volume) => !(volume.key in named)).map(({ name }) => name),
    certificates: await Promise.all(
      [...hosts].map(async (host) => await servedCertificate(host, tools.httpsPort)),
    ),
    compose:
      text === null ? null : await troubles.try('final Compose file', null, () => maskCompose(text, mask)),
    troubles: troubles.list.map(({ about, detail }) => ({ about, detail: mask.text(detail) })),
  };
}

function serviceIn(file: unknown, name: string): Readonly<Record<string, unknown>> {
  const services = isRecord(file) ? file['services'] : undefined;
  const service = isRecord(services) ? services[name] : undefined;
  return isRecord(service) ? service : {};
}
