import { isRecord } from '../../manifest/noun.ts';
import { portLabel } from '../names/port-label.ts';
import { labelPrefix } from '../labels/label-table.ts';
import { listLabels } from '../labels/read-labels.ts';
import { withoutRefresh } from '../plan/pull-policy.ts';
import type { PlannedService } from '../plan/service-plan.ts';
import { isRemoved } from '../policy/host-policy.ts';
import { isReservedLabel } from '../policy/lint-labels.ts';
import { hasReadableLogs } from '../policy/readable-logs.ts';
import { textOf } from '../text-of.ts';
import type { ComposeData } from './read-rendered.ts';
import { ingressKey } from './render-networks.ts';
import type { RenderOptions, ServiceChoice } from './render-options.ts';

/** A service of the final file. */
export function renderService(
  written: ComposeData,
  planned: PlannedService,
  options: RenderOptions,
): ComposeData {
  const choice = options.services[planned.name] ?? {};
  const { build: _build, env_file: _files, labels, ...rest } = withoutRefresh(written);
  const service: ComposeData = {
    ...rest,
    ...image(written, choice),
    ...command(planned, choice),
    ...environment(written, choice),
    ...volumes(written, planned, choice),
    ...networks(written, planned, options),
    labels: { ...keptLabels(labels, options), ...options.owner, ...port(planned) },
  };
  return withoutFields(options.plan.jobMode ? asJob(service) : service, leftOut(written, planned, options));
}

/**
 * Fields that could exist only once on the playroom are left out unless the policy allows them. A host name is kept, for some
 * programs keep their data under it, but not for two containers of a service that run side by side.
 */
function leftOut(
  written: ComposeData,
  planned: PlannedService,
  { policy }: RenderOptions,
): readonly string[] {
  const fields = [
    // Who is started was decided when the file was rendered.
    'profiles',
    ...(isRemoved(policy, 'container-name') ? ['container_name'] : []),
    ...(isRemoved(policy, 'host-port') ? ['ports'] : []),
    ...(isRemoved(policy, 'log-driver') && !hasReadableLogs(written['logging']) ? ['logging'] : []),
    ...(planned.zeroDowntime ? ['hostname', 'container_name', 'ports'] : []),
  ];
  return [...fields, ...Object.keys(written).filter((field) => field.startsWith('x-'))];
}

function image(written: ComposeData, { image: chosen, built }: ServiceChoice): ComposeData {
  const name = chosen ?? written['image'];
  if (name === undefined) throw new TypeError('a service is rendered before its image is built');
  return { image: name, ...(built === true ? { pull_policy: 'never' } : {}) };
}

/** As `command:` of Compose, which splits it at blanks; what needs a shell gets one. */
function command(planned: PlannedService, choice: ServiceChoice): ComposeData {
  const chosen = choice.startCommand ?? planned.startCommand;
  if (chosen === null) return {};
  return { command: /[&|;<>()$`*?\n]/.test(chosen) ? ['sh', '-c', chosen] : chosen };
}

/** Names without a value would take the host's; Compose runs without it, and they are left out. */
function environment(written: ComposeData, { variables }: ServiceChoice): ComposeData {
  if (variables !== undefined) return { environment: variables };
  const own = environmentOf(written);
  return Object.keys(own).length === 0 ? {} : { environment: own };
}

/** `environment:` of a rendered service as texts. */
export function environmentOf({ environment: written }: ComposeData): Readonly<Record<string, string>> {
  const entries = isRecord(written) ? Object.entries(written) : [];
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      value === null || value === undefined || typeof value === 'object'
        ? []
        : [[name, textOf(value)] as const],
    ),
  );
}

/** The working copy lies below what else is mounted there, as in `/app/node_modules`: Docker mounts by depth. */
function volumes(written: ComposeData, planned: PlannedService, { checkout }: ServiceChoice): ComposeData {
  if (checkout === undefined || checkout === null || planned.source === null) return {};
  const others: unknown[] = Array.isArray(written['volumes']) ? written['volumes'] : [];
  const target = planned.source.mount;
  const kept = others.filter((entry) => !isRecord(entry) || entry['target'] !== target);
  return { volumes: [{ type: 'bind', source: checkout, target }, ...kept] };
}

function networks(written: ComposeData, planned: PlannedService, options: RenderOptions): ComposeData {
  const routed = planned.exposure !== null && !options.plan.jobMode && written['network_mode'] === undefined;
  if (options.ingressNetwork === null || !routed) return {};
  const own = isRecord(written['networks']) ? written['networks'] : { default: null };
  return { networks: { ...own, [ingressKey]: null } };
}

function keptLabels(labels: unknown, { policy }: RenderOptions): ComposeData {
  const reserved = isRemoved(policy, 'reserved-label');
  return Object.fromEntries(
    listLabels(labels, []).flatMap(({ name, value }) =>
      name.startsWith(labelPrefix) || (reserved && isReservedLabel(name)) ? [] : [[name, value] as const],
    ),
  );
}

function port({ exposure }: PlannedService): ComposeData {
  return exposure === null ? {} : { [portLabel]: String(exposure.port) };
}

/** A job runs each service once, to its end. */
function asJob({ scale: _scale, deploy, ...service }: ComposeData): ComposeData {
  const { restart_policy: _policy, replicas: _replicas, ...rest } = isRecord(deploy) ? deploy : {};
  return { ...service, restart: 'no', deploy: { ...rest, replicas: 1 } };
}

function withoutFields(service: ComposeData, fields: readonly string[]): ComposeData {
  return Object.fromEntries(Object.entries(service).filter(([field]) => !fields.includes(field)));
}
