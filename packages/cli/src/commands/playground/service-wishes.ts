import { longestBranch, readBranch } from '@playhouse/contract/compose/labels/label-values';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { formatProblem } from '@playhouse/contract/errors/problem';
import {
  type BuildOverrides,
  buildOverridesFileSchema,
  type Overrides,
  type ServiceWish,
} from '@playhouse/contract/link/services-order';
import { explainSchemaIssues } from '@playhouse/contract/manifest/explain-schema-issue';
import { locateIssue } from '@playhouse/contract/manifest/locate-issue';
import { asWritten, readYaml } from '@playhouse/contract/manifest/read-yaml';
import { showValue } from '@playhouse/contract/manifest/show-value';
import type { Context } from '../../program/context.ts';

/** What a start or a rollout may say of a Compose playspec. */
export interface ServiceOptions {
  /** `KEY=VALUE` */
  readonly variable: readonly string[];
  /** `NAME=VALUE`, or `SERVICE:NAME=VALUE` */
  readonly env: readonly string[];
  /** `NAME`, or `SERVICE:NAME` */
  readonly unset?: readonly string[];
  /** `SERVICE=BRANCH`, or `SERVICE=NEW:FROM` for a branch that is made. */
  readonly branch: readonly string[];
  /** Names of services. */
  readonly production: readonly string[];
  readonly development: readonly string[];
  /** `SERVICE=NAME` */
  readonly subdomain: readonly string[];
  /** `SERVICE=COMMAND` */
  readonly startCommand: readonly string[];
  /** A file. */
  readonly buildOverrides: string | undefined;
}

export interface ServiceWishes {
  readonly variables: Record<string, string>;
  readonly environment: Overrides;
  readonly services: Record<string, ServiceWish>;
}

/**
 * The part of a request that is about Compose services; `command` is what errors name.
 * @throws PlayhouseError usage, file-unreadable
 */
export async function readServiceWishes(
  context: Pick<Context, 'readInput'>,
  options: ServiceOptions,
  command: string,
): Promise<ServiceWishes> {
  const services: Record<string, ServiceWish> = {};
  const wish = (service: string, part: ServiceWish) => {
    services[service] = { ...services[service], ...part };
  };
  const refused = (detail: string) => new PlayhouseError('usage', { detail, command });
  const pair = (word: string, option: string, form: string): readonly [string, string] => {
    const equals = word.indexOf('=');
    if (equals < 1) throw refused(`--${option} takes ${form}, not \`${word}\`.`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  };
  for (const word of options.branch) {
    const form = 'SERVICE=BRANCH or SERVICE=NEW:FROM';
    const [service, value] = pair(word, 'branch', form);
    const [name = '', from, ...rest] = value.split(':');
    if (name === '' || from === '' || rest.length > 0)
      throw refused(`--branch takes ${form}, not \`${word}\`.`);
    for (const branch of [name, ...(from === undefined ? [] : [from])])
      if (readBranch(branch) === undefined)
        throw refused(
          `\`${showValue(branch)}\` cannot be a branch: Git takes at most ${longestBranch} bytes, and neither blanks nor \`..\`, \`~\`, \`^\`, \`?\`, \`*\`, \`[\`, \`\\\`, nor \`.lock\` at its end.`,
        );
    wish(service, from === undefined ? { branch: name } : { branch: name, newFrom: from });
  }
  for (const service of options.production) wish(service, { production: true });
  for (const service of options.development) {
    if (options.production.includes(service))
      throw refused(`\`${service}\` cannot be both in production and in development mode.`);
    wish(service, { production: false });
  }
  for (const word of options.subdomain) {
    const [service, subdomain] = pair(word, 'subdomain', 'SERVICE=NAME');
    if (subdomain === '') throw refused(`--subdomain takes SERVICE=NAME, not \`${word}\`.`);
    wish(service, { subdomain });
  }
  for (const word of options.startCommand) {
    const [service, startCommand] = pair(word, 'start-command', 'SERVICE=COMMAND');
    wish(service, { startCommand });
  }
  const overrides = await readBuildOverrides(context, options.buildOverrides, refused);
  for (const [service, build] of Object.entries(overrides)) wish(service, { build });
  const environment: Overrides = {};
  const override = (where: string, value: string | null) => {
    const [service, name] = where.includes(':') ? where.split(':', 2) : [undefined, where];
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) throw refused(`\`${where}\` names no variable.`);
    if (service === undefined) environment[name] = value;
    else wish(service, { environment: { ...services[service]?.environment, [name]: value } });
  };
  for (const word of options.env) override(...pair(word, 'env', 'NAME=VALUE or SERVICE:NAME=VALUE'));
  for (const where of options.unset ?? []) override(where, null);
  const variables = Object.fromEntries(options.variable.map((word) => pair(word, 'variable', 'KEY=VALUE')));
  return { variables, environment, services };
}

/** The file is YAML: `build:` of Compose by service. */
async function readBuildOverrides(
  context: Pick<Context, 'readInput'>,
  file: string | undefined,
  refused: (detail: string) => PlayhouseError,
): Promise<Readonly<Record<string, BuildOverrides>>> {
  if (file === undefined) return {};
  const text = await context.readInput(file);
  // A build argument `1.10` is no number.
  const read = readYaml(text, file, asWritten);
  if (read.problems?.[0]?.code === 'manifest-empty') return {};
  if (read.problems !== undefined) throw refused(read.problems.map(formatProblem).join('\n'));
  const parsed = buildOverridesFileSchema.safeParse(read.value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = explainSchemaIssues(buildOverridesFileSchema, parsed.error.issues);
  throw refused(issues.map((issue) => formatProblem(locateIssue(read.text, issue))).join('\n'));
}
