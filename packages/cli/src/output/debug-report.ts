import type { Service } from '@playhouse/contract/service';
import type { PlaygroundDebug } from '@playhouse/contract/services-debug';
import { debugServices } from './debug-services.ts';
import { formatDuration } from './duration.ts';
import { machineTable } from './machine-table.ts';
import { renderFields, renderTable } from './table.ts';

const commitDigits = 12;

/** What helps to find out what is wrong with a playground, as people read it: the short things first, files last. */
export function debugReport(debug: PlaygroundDebug): string {
  const { playground, services, manifest } = debug;
  const troubles = [...debug.troubles, ...(services?.troubles ?? [])];
  return [
    head(debug),
    ...(services === null ? [] : debugServices(services)),
    ...(playground.machines.length === 0 ? [] : [section('Machines', machineTable(playground.machines))]),
    ...builtAhead(playground.services),
    section('Operations', operationTable(debug)),
    ...debug.operations.flatMap(({ kind, lastLines }) =>
      lastLines.length === 0
        ? []
        : [section(`Last lines of ${kind}`, lines(lastLines.map(({ at, text }) => `${at} ${text}`)))],
    ),
    ...(troubles.length === 0
      ? []
      : [
          section(
            'Could not be found out',
            lines(troubles.map(({ about, detail }) => `${about}: ${detail}`)),
          ),
        ]),
    ...(services?.compose ? [section('Compose file', services.compose)] : []),
    ...(manifest === null ? [] : [section('Manifest', manifest)]),
  ].join('\n');
}

/** What becomes of new commits before a rollout takes them up. */
function builtAhead(services: readonly Service[]): readonly string[] {
  const rows = services.flatMap(({ name, nextImage }) =>
    nextImage ? [[name, nextImage.commit.slice(0, commitDigits), nextImage.state]] : [],
  );
  const faults = services.flatMap(({ name, nextImage }) =>
    nextImage?.detail
      ? [section(`Why new commits of ${name} could not be built`, `${nextImage.detail}\n`)]
      : [],
  );
  if (rows.length === 0) return [];
  return [section('Images of new commits', renderTable(['service', 'commit', 'image'], rows)), ...faults];
}

function section(title: string, text: string): string {
  return `== ${title}\n${text}`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

function head({ at, version, engine, playground, services }: PlaygroundDebug): string {
  const { error } = playground;
  const engineWords = engine.connected ? `connected, ${engine.version}` : 'not connected';
  return renderFields([
    ['Name', playground.name],
    ['Id', playground.id],
    ['Playspec', `${playground.playspec.name}, version ${playground.playspec.version}`],
    ['Kind', playground.kind],
    ['Status', playground.status],
    ...(services === null
      ? []
      : ([['On the playroom', `${services.state}${services.rollout ? ', in a rollout' : ''}`]] as const)),
    ['Created', playground.createdAt],
    ['Seen', at],
    ['Server', version],
    ['Engine', engineWords],
    ...(error === null
      ? []
      : ([
          ['Failed at', error.step ?? 'unknown step'],
          ['Error', `${error.code}: ${error.message.replaceAll('\n', '\n    ')}`],
        ] as const)),
  ]);
}

function operationTable({ operations }: PlaygroundDebug): string {
  const rows = operations.map(({ id, kind, status, createdAt, steps, error }) => [
    createdAt,
    kind,
    status,
    steps
      .filter((step) => step.status !== 'pending')
      .map(({ label, durationMs }) =>
        durationMs === null ? label : `${label} ${formatDuration(durationMs)}`,
      )
      .at(-1) ?? '-',
    error === null ? '-' : error.code,
    id,
  ]);
  return renderTable(['at', 'operation', 'status', 'last step', 'error', 'id'], rows);
}
