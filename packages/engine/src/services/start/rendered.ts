// What Docker Compose makes of the file: everything merged, filled in and in its long form. That is what is judged and built from.
import { realpath, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeEnvironmentFile } from '@playhouse/contract/compose/environment/write-env-file';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { planServices } from '@playhouse/contract/compose/plan/plan-services';
import { mapServices, withoutRefresh, withRefresh } from '@playhouse/contract/compose/plan/pull-policy';
import { findingToIssue } from '@playhouse/contract/compose/policy/finding';
import { lintCompose } from '@playhouse/contract/compose/policy/lint-compose';
import { type ComposeData, readRendered } from '@playhouse/contract/compose/render/read-rendered';
import { writeCompiled } from '@playhouse/contract/compose/render/write-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { projectName } from '@playhouse/contract/identifier';
import type { StepVoice } from '../../operations/step.ts';
import { compiledFileOf, compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { configFault, told } from './config-fault.ts';
import { realPathOf } from './real-path-of.ts';
import { layOutFiles } from './repository-files.ts';

const renderTimeoutMs = 60_000;

type Rendered = Awaited<ReturnType<typeof render>>;
const known = new WeakMap<ServicesContext, Rendered>();

/**
 * Renders the file, once in an operation, and holds it against the host policy.
 * @throws PlayhouseError compose-refused, with every finding
 */
export async function renderedOf(context: ServicesContext, voice: StepVoice): Promise<Rendered> {
  const rendered = known.get(context) ?? (await render(context, voice));
  known.set(context, rendered);
  return rendered;
}

async function render(context: ServicesContext, voice: StepVoice) {
  const { tools, id } = context;
  const record = recordOf(context);
  const filledIn = compiledOf(tools, record);
  const { plan: written, locate, environment } = filledIn;
  const { beside, environment: environmentFile } = tools.records.files(id);
  const file = compiledFileOf(context);
  const { compiled, texts } = await layOutFiles(context, filledIn, (line) => voice.log(line));
  const forCompose = isRecord(compiled) ? mapServices(compiled, withoutRefresh) : compiled;
  await writeFile(file, writeCompiled(forCompose), { mode: 0o600 });
  await writeFile(environmentFile, writeEnvironmentFile(environment), { mode: 0o600 });
  const docker = await tools.docker(voice);
  const options = { timeoutMs: renderTimeoutMs, signal: voice.signal, root: beside };
  const profiles = record.order.profiles.flatMap((profile) => ['--profile', profile]);
  const project = ['--project-name', projectName(record.order)];
  const words = [...project, '--env-file', environmentFile, ...profiles, 'config', '--format', 'json'];
  const { exitCode, stdout, stderr } = await docker.config(file, words, options);
  if (exitCode !== 0) {
    const said = endOf(withoutContents(stderr));
    throw new PlayhouseError('compose-refused', { detail: configFault(said, beside, locate) });
  }
  const rendered = withRefresh(readRendered(stdout), compiled);
  const { plan, issues } = planServices(rendered, {
    jobMode: written.jobMode,
    origin: record.order.compose.origin,
  });
  // Whatever else lies in the folder of the playground is the engine’s own.
  const roots = [await realpath(beside)];
  const findings = lintCompose(rendered, {
    policy: record.order.policy,
    project: projectName(record.order),
    folder: dirname(file),
    roots,
    followLinks: realPathOf,
    rendered: true,
  });
  const denied = findings.filter(({ level }) => level === 'deny');
  for (const { owner, what, why } of findings) voice.log(`${owner}: ${what}: ${why}`);
  if (denied.length > 0) {
    // Entries of lists may be those of another file that is extended; their field is where it says so.
    const issues = denied.map((finding) => findingToIssue({ ...finding, path: finding.path.slice(0, 3) }));
    throw new PlayhouseError('compose-refused', { detail: told(locate(issues)) });
  }
  // What only came to be by `extends` or an interpolation was not there to be checked before.
  requireSources(plan.services, written.services);
  const faults = locate(issues.filter(({ code }) => code !== 'compose-label-idle'));
  if (faults.length > 0) throw new PlayhouseError('compose-refused', { detail: told(faults) });
  return { rendered, plan, texts };
}

/** A service as it was rendered; empty when there is none. */
export function renderedService(rendered: ComposeData, name: string): ComposeData {
  const { services } = rendered;
  const service = isRecord(services) ? services[name] : undefined;
  return isRecord(service) ? service : {};
}

/** What is built of a repository was cloned before this: only what the file itself says of it was known then. */
function requireSources(rendered: readonly PlannedService[], written: readonly PlannedService[]): void {
  for (const { name, source } of rendered) {
    if (source === null || written.find((service) => service.name === name)?.source !== null) continue;
    const detail = `${name} is built as another file says that it extends: say \`build\` of it in the Compose file itself`;
    throw new PlayhouseError('compose-refused', { detail });
  }
}

/** What Docker Compose says of an environment file, without the line that it is about: its values may be secrets. */
export function withoutContents(said: string): string {
  const words = /(in variable name|unterminated quoted value|invalid template:?).*/is;
  return said.replace(words, (_, what: string) => `${what} …`);
}

/** The last lines of what a program said. */
export function endOf(text: string, lines = 12): string {
  return text.trim().split('\n').slice(-lines).join('\n').slice(-1500);
}
