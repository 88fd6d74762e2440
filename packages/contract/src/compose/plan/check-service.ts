import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import { labelPrefix, type LabelName } from '../labels/label-table.ts';
import { readPort } from '../policy/short-forms.ts';
import { idleBuildFields } from './build-extras.ts';
import type { PlanOptions, ReadService } from './read-service.ts';

/** Rules between the labels and fields of one service. */
export function checkService(service: ReadService, options: PlanOptions): readonly ManifestIssue[] {
  return [
    ...checkOrigin(service, options),
    ...checkBuild(service),
    ...checkRouting(service),
    ...checkRoutedNetwork(service),
    ...checkHostPorts(service),
    ...checkZeroDowntime(service),
  ];
}

/** What only a service of a repository can have. */
const ofRepositories = [
  'source_mount',
  'dockerfile',
  'branch',
  'env_file',
  'production',
  'build_target',
  'build_args',
  'build_ahead',
] as const satisfies readonly LabelName[];

function checkOrigin({ planned, written, labels }: ReadService, options: PlanOptions): ManifestIssue[] {
  const { name: service, source } = planned;
  const path = ['services', service];
  if (source !== null || labels.paths.has('repo_url')) return [];
  const needing = ofRepositories.find((name) => labels.paths.has(name));
  if (written['build'] !== undefined && options.origin === undefined)
    return [
      {
        code: 'compose-repository-missing',
        path: [...path, 'build'],
        parameters: { service, field: 'build' },
      },
    ];
  if (needing !== undefined) {
    const field = labelPrefix + needing;
    return [
      {
        code: 'compose-repository-missing',
        path: labels.paths.get(needing) ?? path,
        parameters: { service, field },
      },
    ];
  }
  const inherited = ['image', 'extends', 'provider', 'build'].some((field) => written[field] !== undefined);
  return inherited ? [] : [{ code: 'compose-service-empty', path, parameters: { service } }];
}

function checkBuild({ planned: { name: service, build }, written }: ReadService): ManifestIssue[] {
  if (build === null) return [];
  return idleBuildFields(written['build'], ['services', service, 'build']).map(({ field, path }) => ({
    code: 'compose-build-field',
    path,
    parameters: { service, field },
  }));
}

/** Labels of a route or its health without a port to route to. */
function checkRouting({ planned, labels }: ReadService): ManifestIssue[] {
  if (labels.paths.has('port')) return [];
  return [...labels.paths].flatMap(([name, path]): ManifestIssue[] => {
    const parameters = { label: labelPrefix + name, service: planned.name };
    if (name.startsWith('healthcheck_')) return [{ code: 'compose-port-missing', path, parameters }];
    const routes = name === 'visibility' || name === 'subdomain' || name === 'path_rule';
    return routes ? [{ code: 'compose-label-idle', path, parameters }] : [];
  });
}

/** Requests come over a network of the playground, which it would not be on. What is yet to be filled in may be empty. */
function checkRoutedNetwork({ planned: { name: service }, written, labels }: ReadService): ManifestIssue[] {
  const mode = written['network_mode'];
  if (!labels.paths.has('port') || typeof mode !== 'string' || mode === '' || mode.includes('$')) return [];
  const path = ['services', service, 'network_mode'];
  return [{ code: 'compose-port-unreachable', path, parameters: { service, mode } }];
}

/** Ports of the ingress are never a service's own, whatever the policy. */
function checkHostPorts({ planned, written }: ReadService): ManifestIssue[] {
  const ports: unknown[] = Array.isArray(written['ports']) ? written['ports'] : [];
  return ports.flatMap((entry, index): ManifestIssue[] => {
    const published = readPort(entry)?.published;
    const taken = [80, 443].find(
      (port) => published !== undefined && port >= published.first && port <= published.last,
    );
    if (taken === undefined) return [];
    const path = ['services', planned.name, 'ports', index];
    return [{ code: 'compose-ingress-port', path, parameters: { service: planned.name, port: taken } }];
  });
}

function checkZeroDowntime({ planned, written, labels }: ReadService): ManifestIssue[] {
  const { name: service, zeroDowntime } = planned;
  const at = labels.paths.get('zerodowntime');
  if (!zeroDowntime || at === undefined) return [];
  const refuse = (path: ManifestPath, reason: string, advice: string): ManifestIssue => ({
    code: 'compose-zero-downtime',
    path,
    parameters: { service, reason, advice },
  });
  const own = (field: string) => ['services', service, field];
  return [
    ...(labels.paths.has('port')
      ? []
      : [refuse(at, 'it has no routed port', `Add \`${labelPrefix}port\`, the port that requests go to.`)]),
    ...(Array.isArray(written['ports']) && written['ports'].length > 0
      ? [
          refuse(
            own('ports'),
            'two containers cannot have the same port of the host',
            'Remove `ports`: requests come through the ingress.',
          ),
        ]
      : []),
    ...(written['container_name'] === undefined
      ? []
      : [
          refuse(
            own('container_name'),
            'two containers cannot have the same name',
            'Remove `container_name`.',
          ),
        ]),
  ];
}
