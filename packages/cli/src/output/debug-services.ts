import type { ServiceDebug, ServicesDebug } from '@playhouse/contract/services-debug';
import { renderTable } from './table.ts';

const idDigits = 12;

/** The part of a report that is about Compose services. */
export function debugServices(debug: ServicesDebug): readonly string[] {
  const { docker, services, values, networks, volumes, certificates } = debug;
  // An engine of the version before does not say.
  const unused = new Set(debug.unusedVolumes ?? []);
  const dockerWords = docker.answers
    ? `${docker.version ?? 'of an unknown version'}, ${docker.socket}`
    : 'does not run';
  return [
    part('Docker', `${dockerWords}\n`),
    part('Containers', containerTable(services)),
    ...services.flatMap(({ name, containers, lastLines }) => [
      ...containers.flatMap(({ error, healthOutput }) => [
        ...(error === null ? [] : [part(`Why ${name} could not be started`, `${error}\n`)]),
        ...(healthOutput === null ? [] : [part(`Last health check of ${name}`, `${healthOutput}\n`)]),
      ]),
      ...(lastLines.length === 0 ? [] : [part(`Last lines of ${name}`, `${lastLines.join('\n')}\n`)]),
    ]),
    table(
      'Sources',
      ['service', 'repository', 'wished', 'branch', 'commit', 'changed'],
      sourceRows(services),
    ),
    table('Builds', ['service', 'image', 'commit', 'built', 'dockerfile', 'target'], buildRows(services)),
    table(
      'Certificates',
      ['host', 'issuer', 'until', 'trouble'],
      certificates.map(({ host, issuer, notAfter, error }) => [
        host,
        issuer ?? '-',
        notAfter ?? '-',
        error ?? '-',
      ]),
    ),
    table(
      'Networks',
      ['network', 'driver', 'subnets', 'internal'],
      networks.map(({ name, driver, subnets, internal }) => [
        name,
        driver,
        subnets.join(' ') || '-',
        yesOrNo(internal),
      ]),
    ),
    table(
      'Volumes',
      ['volume', 'used'],
      volumes.map((volume) => [volume, yesOrNo(!unused.has(volume))]),
    ),
    table(
      'Variables of the file',
      ['variable', 'value', 'from'],
      values.map(({ name, value, source }) => [name, value, source]),
    ),
    table('Variables of services', ['service', 'variable', 'value', 'from'], variableRows(services)),
  ].filter((text) => text !== '');
}

function part(title: string, text: string): string {
  return `== ${title}\n${text}`;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : part(title, renderTable(head, rows));
}

function containerTable(services: readonly ServiceDebug[]): string {
  const rows = services.flatMap(({ name, containers }) =>
    containers.length === 0
      ? [[name, 'none', '-', '-', '-', '-', '-']]
      : containers.map((container) => [
          name,
          container.exitCode === null ? container.status : `${container.status} (${container.exitCode})`,
          [container.health ?? '-', ...(container.outOfMemory ? ['out of memory'] : [])].join(', '),
          String(container.restarts),
          container.startedAt?.slice(0, 19) ?? '-',
          container.networks.map((network) => network.address ?? network.name).join(' ') || '-',
          `${container.id.slice(0, idDigits)} ${container.image}`,
        ]),
  );
  return renderTable(['service', 'state', 'health', 'restarts', 'started', 'addresses', 'container'], rows);
}

function sourceRows(services: readonly ServiceDebug[]) {
  return services.flatMap(({ name, source }) =>
    source === null
      ? []
      : [
          [
            name,
            source.repository,
            source.wished ?? '-',
            source.branch ?? '-',
            source.commit?.slice(0, idDigits) ?? '-',
            source.dirty === null ? 'unknown' : yesOrNo(source.dirty),
          ],
        ],
  );
}

function buildRows(services: readonly ServiceDebug[]) {
  return services.flatMap(({ name, build }) =>
    build === null
      ? []
      : [
          [
            name,
            build.image ?? 'not built',
            build.commit?.slice(0, idDigits) ?? '-',
            build.builtAt?.slice(0, 19) ?? '-',
            build.dockerfile,
            build.target ?? '-',
          ],
        ],
  );
}

function variableRows(services: readonly ServiceDebug[]) {
  return services.flatMap(({ name: service, variables }) =>
    variables.map(({ name, value, source, generated }) => [
      service,
      name,
      value.replaceAll('\n', '\\n'),
      generated ? `${source}, generated` : source,
    ]),
  );
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
