import { isSecretName } from '@playhouse/contract/compose/environment/mask-value';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { environmentOf } from '@playhouse/contract/compose/render/render-service';
import type { ContainerDebug, ServiceDebug } from '@playhouse/contract/services-debug';
import { printable } from '../../guest/printable.ts';
import type { ContainerDetails } from '../docker/container-details.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { SecretMask } from '../secrets/secret-mask.ts';
import { shownVariables } from '../secrets/shown-values.ts';
import { recordOf, type ServicesSubject } from '../services-context.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import { resolveService } from '../start/service-variables.ts';
import { dockerImage } from './debug-docker.ts';
import type { Troubles } from './troubles.ts';

/** What all services of one report are described with. */
export interface DebugParts extends ServicesSubject {
  readonly api: DockerApi | null;
  readonly containers: readonly ContainerDetails[];
  /** The service in the file with its templates filled in, and in the final one. */
  readonly written: (service: string) => Readonly<Record<string, unknown>>;
  readonly final: (service: string) => Readonly<Record<string, unknown>>;
  readonly mask: SecretMask;
  readonly troubles: Troubles;
}

/** A service but for its last lines. */
export async function debugService(
  parts: DebugParts,
  service: PlannedService,
): Promise<Omit<ServiceDebug, 'lastLines'>> {
  const { name, kind } = service;
  const wish = recordOf(parts).order.services[name];
  return {
    ...{ name, kind },
    production: service.source !== null && (wish?.production ?? service.production),
    source: await sourceOf(parts, service),
    build: await buildOf(parts, service),
    variables: await parts.troubles.try(
      `variables of ${name}`,
      [],
      async () => await variablesOf(parts, service),
    ),
    containers: parts.containers
      .filter((container) => container.service === name)
      .map((container) => debugContainer(container, parts.mask)),
  };
}

export function isWell({ running, exitCode, health }: ContainerDetails): boolean {
  return running ? health !== 'unhealthy' : exitCode === 0;
}

function debugContainer(details: ContainerDetails, mask: SecretMask): ContainerDebug {
  const { service: _service, tty: _tty, running: _running, networks, error, healthOutput, ...rest } = details;
  const shown = (text: string | null) => (text === null ? null : mask.text(printable(text)));
  return { ...rest, error: shown(error), healthOutput: shown(healthOutput), networks: [...networks] };
}

async function sourceOf(
  parts: DebugParts,
  { name, source }: PlannedService,
): Promise<ServiceDebug['source']> {
  if (source === null) return null;
  const record = recordOf(parts);
  const wished = record.order.services[name]?.branch ?? source.branch;
  const { branch = null, commit = null } = record.parts[name] ?? {};
  const state = await parts.troubles.try(
    `checkout of ${name}`,
    null,
    async () => await checkoutOf(parts, name).state(),
  );
  return { repository: source.repository.url, wished, ...(state ?? { branch, commit, dirty: null }) };
}

async function buildOf(
  { api, troubles, ...parts }: DebugParts,
  { name, build }: PlannedService,
): Promise<ServiceDebug['build']> {
  if (build === null) return null;
  const record = recordOf(parts);
  const wish = record.order.services[name]?.build;
  const image = record.parts[name]?.image ?? null;
  const unknown = { commit: null, builtAt: null, sizeBytes: null };
  const found =
    api === null || image === null
      ? null
      : await troubles.try(`image of ${name}`, null, async () => await dockerImage(api, image));
  const [target, dockerfile] = [wish?.target ?? build.target, wish?.dockerfile ?? build.dockerfile];
  return { image, ...(found ?? unknown), target, dockerfile };
}

/** As the container has them, where that is known; else as they would be. */
async function variablesOf(parts: DebugParts, service: PlannedService): Promise<ServiceDebug['variables']> {
  const { written, final, mask } = parts;
  const { variables } = await resolveService(parts, service, written(service.name));
  const had = environmentOf(final(service.name));
  const resolved = new Map(variables.map((variable) => [variable.name, variable]));
  for (const [name, value] of Object.entries(had)) {
    // What no layer has is from a file that `env_file` names.
    const other = { name, source: 'compose', generated: false, secret: isSecretName(name) } as const;
    resolved.set(name, { ...(resolved.get(name) ?? other), value });
  }
  return shownVariables([...resolved.values()], mask);
}
