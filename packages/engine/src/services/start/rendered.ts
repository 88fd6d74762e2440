// What Docker Compose makes of the file: everything merged, filled in and in its long form. That is what is judged and built from.
import { realpath, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeEnvironmentFile } from '@playhouse/contract/compose/environment/write-env-file';
import { planServices } from '@playhouse/contract/compose/plan/plan-services';
import { lintCompose } from '@playhouse/contract/compose/policy/lint-compose';
import { readRendered } from '@playhouse/contract/compose/render/read-rendered';
import { writeCompiled } from '@playhouse/contract/compose/render/write-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { StepVoice } from '../../operations/step.ts';
import { compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
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
  const { compiled, plan: written, locate, environment } = compiledOf(tools, record);
  const { compiled: file, environment: environmentFile, folder } = tools.records.files(id);
  const texts = await layOutFiles(context, written, { compiled, folder: dirname(file) });
  await writeFile(file, writeCompiled(compiled), { mode: 0o600 });
  await writeFile(environmentFile, writeEnvironmentFile(environment), { mode: 0o600 });
  const docker = await tools.docker(voice);
  const options = { timeoutMs: renderTimeoutMs, signal: voice.signal };
  const profiles = record.order.profiles.flatMap((profile) => ['--profile', profile]);
  const words = ['--env-file', environmentFile, ...profiles, 'config', '--format', 'json'];
  const { exitCode, stdout, stderr } = await docker.compose(projectName(record.order), file, words, options);
  if (exitCode !== 0) throw new PlayhouseError('compose-refused', { detail: endOf(stderr) });
  const rendered = readRendered(stdout);
  const { plan, issues } = planServices(rendered, { jobMode: written.jobMode });
  const roots = [await realpath(folder)];
  const findings = lintCompose(rendered, {
    policy: record.order.policy,
    project: projectName(record.order),
    folder: dirname(file),
    roots,
    followLinks: (path) => {
      try {
        return realpathSync(path);
      } catch {
        return path;
      }
    },
    rendered: true,
  });
  const denied = findings.filter(({ level }) => level === 'deny');
  for (const { owner, what, why } of findings) voice.log(`${owner}: ${what}: ${why}`);
  if (denied.length > 0) {
    const detail = denied.map(({ owner, what, why, mend }) => `${owner}: ${what}: ${why} ${mend}`).join('\n');
    throw new PlayhouseError('compose-refused', { detail });
  }
  // What only came to be by `extends` or an interpolation was not there to be checked before.
  const faults = locate(issues.filter(({ code }) => code !== 'compose-label-idle'));
  if (faults.length > 0)
    throw new PlayhouseError('compose-refused', { detail: faults.map(({ message }) => message).join('\n') });
  return { rendered, plan, texts };
}

/** The last lines of what a program said. */
export function endOf(text: string, lines = 12): string {
  return text.trim().split('\n').slice(-lines).join('\n').slice(-1500);
}
