import { isRecord } from '../../manifest/noun.ts';
import { extendsOf } from '../bases/extends-of.ts';
import { listLabels } from '../labels/read-labels.ts';
import { labelDefaults, type LabelValues } from '../labels/label-table.ts';
import { type Repository, parseRepository } from '../labels/repository.ts';
import { dnsLabel } from '../names/dns-label.ts';
import { buildExtras } from './build-extras.ts';
import type { PlanOptions } from './read-service.ts';
import type {
  HealthCheck,
  PlannedBuild,
  PlannedExposure,
  PlannedService,
  PlannedSource,
} from './service-plan.ts';

type Written = Readonly<Record<string, unknown>>;

/** What a service is, from its fields and the values of its labels. Faults are told elsewhere; here they count as absent. */
export function planService(
  name: string,
  written: Written,
  labels: LabelValues,
  options: PlanOptions,
): PlannedService {
  const { image, healthcheck, profiles } = written;
  const source = planSource(written, labels, options);
  return {
    name,
    kind: source === null ? 'static' : 'dynamic',
    image: typeof image === 'string' ? image : null,
    source,
    build: planBuild(written, labels, source),
    buildAhead: labels.build_ahead !== false,
    production: source !== null && labels.production === true,
    startCommand: labels.start_command ?? null,
    exposure: planExposure(name, labels),
    healthCheck: planHealthCheck(labels),
    dockerHealthCheck: isChecked(healthcheck),
    zeroDowntime: labels.zerodowntime === true,
    watched: labels.job_watch === true,
    profiles: Array.isArray(profiles) ? profiles.map(String) : [],
  };
}

/** Whether it says a check that Docker runs; one that only changes the image’s is Docker’s as far as the image has one. */
function isChecked(healthcheck: unknown): boolean {
  if (!isRecord(healthcheck) || healthcheck['disable'] === true) return false;
  const { test } = healthcheck;
  return Array.isArray(test)
    ? test.length > 0 && test[0] !== 'NONE'
    : typeof test === 'string' && test !== '';
}

function planSource(written: Written, labels: LabelValues, { origin }: PlanOptions): PlannedSource | null {
  const isOfFile = labels.repo_url === undefined && origin !== undefined && needsSource(written, labels);
  const repository = isOfFile ? repositoryOf(origin.repository) : labels.repo_url;
  if (repository === undefined) return null;
  return {
    repository,
    ...(isOfFile ? { ofFile: true } : {}),
    branch: labels.branch ?? (isOfFile ? origin.branch : null),
    mount: labels.source_mount ?? labelDefaults.sourceMount,
    envFile: labels.env_file ?? labelDefaults.envFile,
  };
}

/** Whether it is of a repository, though it names none. What it extends in another file is read later, and may be a build. */
function needsSource(written: Written, labels: LabelValues): boolean {
  const { build, image } = written;
  const extendsFile = typeof extendsOf(written)?.file === 'string' && image === undefined;
  const {
    source_mount: mount,
    dockerfile,
    branch,
    env_file: file,
    build_target: target,
    build_args,
  } = labels;
  const named = [build, mount, dockerfile, branch, file, target, build_args];
  return extendsFile || labels.production === true || named.some((value) => value !== undefined);
}

function repositoryOf(address: string): Repository | undefined {
  const repository = parseRepository(address);
  return typeof repository === 'object' ? repository : undefined;
}

/** An image that is named is run as it is in development mode, unless something says what to build. */
function planBuild(written: Written, labels: LabelValues, source: PlannedSource | null): PlannedBuild | null {
  const { image, build, platform } = written;
  const asked = build !== undefined || labels.dockerfile !== undefined || labels.production === true;
  if (source === null || (!asked && typeof image === 'string')) return null;
  const fields = isRecord(build) ? build : { context: build };
  const text = (field: string) => (typeof fields[field] === 'string' ? fields[field] : undefined);
  const extras = buildExtras(build);
  return {
    context: text('context') ?? '.',
    dockerfile: labels.dockerfile ?? text('dockerfile') ?? labelDefaults.dockerfile,
    target: labels.build_target ?? text('target') ?? null,
    arguments: { ...buildArguments(fields['args']), ...labels.build_args },
    ...(typeof platform === 'string' && platform !== '' ? { platform } : {}),
    ...(extras === undefined ? {} : { extras }),
  };
}

/** Build arguments have the two forms of labels, but for names alone, which take their value from elsewhere. */
function buildArguments(written: unknown): Readonly<Record<string, string | null>> {
  const bare = (index: string | number | undefined) =>
    Array.isArray(written)
      ? typeof index === 'number' && !String(written[index]).includes('=')
      : isRecord(written) && typeof index === 'string' && written[index] === null;
  return Object.fromEntries(
    listLabels(written, []).map(({ name, value, path }) => [name, bare(path.at(-1)) ? null : value]),
  );
}

function planExposure(name: string, labels: LabelValues): PlannedExposure | null {
  if (labels.port === undefined) return null;
  return {
    port: labels.port,
    visibility: labels.visibility ?? labelDefaults.visibility,
    subdomain: labels.subdomain ?? dnsLabel(name),
    pathRule: labels.path_rule ?? labelDefaults.pathRule,
  };
}

function planHealthCheck(labels: LabelValues): HealthCheck | null {
  const given = {
    path: labels.healthcheck_path,
    intervalMs: labels.healthcheck_interval,
    timeoutMs: labels.healthcheck_timeout,
    retries: labels.healthcheck_retries,
    startPeriodMs: labels.healthcheck_start_period,
  };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  if (entries.length === 0 && labels.zerodowntime !== true) return null;
  return { ...labelDefaults.healthCheck, ...Object.fromEntries(entries) };
}
