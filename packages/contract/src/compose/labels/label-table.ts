// Every label that Playhouse reads, with its form and what it means: docs/compose.md shows this table, and a test holds the two
// together.
import {
  readBoolean,
  readBranch,
  readBuildArguments,
  readCheckoutPath,
  readContainerPath,
  readDuration,
  readNumber,
  readPort,
  readRequestPath,
  readStage,
  readSubdomain,
  readText,
} from './label-values.ts';
import { everyPath, parsePathRule } from './path-rule.ts';
import { parseRepository } from './repository.ts';

export const labelPrefix = 'playgrounds.';

export interface LabelDefinition<Value> {
  /** The value, or undefined where the text is not of the form. */
  readonly read: (text: string) => Value | undefined;
  /** The form, as in "Write …". */
  readonly form: string;
  /** What holds when the label is absent, for people. */
  readonly absent: string;
  readonly about: string;
}

function label<Value>(
  read: (text: string) => Value | undefined,
  form: string,
  absent: string,
  about: string,
): LabelDefinition<Value> {
  return { read, form, absent, about };
}

const boolean = '`true` or `false`';
const duration = 'a number with `ms`, `s` or `m`, as in `10s`; at most an hour';

/** What labels stand for when they are absent; durations in milliseconds. */
export const labelDefaults = {
  sourceMount: '/app',
  dockerfile: 'Dockerfile',
  envFile: '.env.example',
  visibility: 'internal',
  pathRule: everyPath,
  healthCheck: { path: '/up', intervalMs: 10_000, timeoutMs: 5000, retries: 3, startPeriodMs: 30_000 },
} as const;

export const labelTable = {
  repo_url: label(
    (text) => {
      const repository = parseRepository(text);
      return typeof repository === 'string' ? undefined : repository;
    },
    '`https://HOST/OWNER/NAME.git`, `ssh://…`, `git@HOST:PATH` or `file:///PATH`, without a password in it',
    'a service of its image alone',
    'Git repository of the service, which makes it a dynamic one.',
  ),
  source_mount: label(
    readContainerPath,
    'an absolute folder of the container, as in `/app`',
    '`/app`',
    'Where the working copy is mounted in development mode.',
  ),
  dockerfile: label(
    readCheckoutPath,
    'a path below the checkout, without `..`',
    '`Dockerfile`',
    'What the image is built from.',
  ),
  branch: label(
    readBranch,
    'a branch of the repository',
    'the default branch',
    'Branch that is checked out.',
  ),
  start_command: label(
    readText,
    'a command',
    'that of the image',
    'What runs instead of the image’s command.',
  ),
  env_file: label(
    readCheckoutPath,
    'a path below the checkout, without `..`',
    '`.env.example`',
    'File of the checkout with the default values of service variables.',
  ),
  port: label(
    readPort,
    'a port of the container from 1 to 65535',
    'not exposed',
    'Port that gets an HTTPS address.',
  ),
  visibility: label(
    (text) => (text === 'internal' || text === 'external' ? text : undefined),
    '`internal` or `external`',
    '`internal`',
    '`internal` asks for the playground’s password, `external` lets anyone in.',
  ),
  subdomain: label(
    readSubdomain,
    'lowercase letters, digits and inner dashes, at most 63, or `@` for the domain itself',
    'the name of the service',
    'First part of the host name.',
  ),
  path_rule: label(
    parsePathRule,
    'a path as in `/api`, or Path(`…`), PathPrefix(`…`) and PathRegexp(`…`) with `&&`, `||`, `!` and parentheses; nothing about hosts, headers, methods or clients',
    '`/`',
    'Requests of the host that go to this service.',
  ),
  production: label(
    readBoolean,
    boolean,
    '`false`',
    'Run the built image without the working copy, pinned until a rollout.',
  ),
  zerodowntime: label(
    readBoolean,
    boolean,
    '`false`',
    'Roll out beside what runs, and take that away when the new one is healthy.',
  ),
  healthcheck_path: label(
    readRequestPath,
    'a path as in `/up`',
    '`/up`',
    'What the platform asks for over HTTP on `port`; anything below 400 is healthy.',
  ),
  healthcheck_interval: label(readDuration, duration, '`10s`', 'Time between two health checks.'),
  healthcheck_timeout: label(readDuration, duration, '`5s`', 'How long an answer may take.'),
  healthcheck_retries: label(
    (text) => readNumber(text, 1, 100),
    'a whole number from 1 to 100',
    '`3`',
    'Failures in a row that make a service unhealthy.',
  ),
  healthcheck_start_period: label(
    readDuration,
    duration,
    '`30s`',
    'Time after the start in which failures do not count.',
  ),
  build_target: label(
    readStage,
    'the name of a stage',
    'the last stage',
    'Stage of the Dockerfile that is built.',
  ),
  build_args: label(
    readBuildArguments,
    '`NAME=value, OTHER=value`',
    'none',
    'Build arguments; they win over those under `build.args`.',
  ),
  build_ahead: label(
    readBoolean,
    boolean,
    '`true`',
    'In production mode: build the image of new commits before a rollout asks for it.',
  ),
  job_watch: label(
    readBoolean,
    boolean,
    '`false`',
    'In job mode: the job is done when this service has ended.',
  ),
} as const satisfies Record<string, LabelDefinition<unknown>>;

export type LabelName = keyof typeof labelTable;

/** The values of the labels that a service has. */
export type LabelValues = {
  readonly [Name in LabelName]?: NonNullable<ReturnType<(typeof labelTable)[Name]['read']>>;
};
