import { parseEnvironmentFile } from '@playhouse/contract/compose/environment/parse-env-file';
import { resolveVariables } from '@playhouse/contract/compose/environment/resolve-variables';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { Problem } from '@playhouse/contract/errors/problem';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { environmentOf } from '@playhouse/contract/compose/render/render-service';
import { projectName } from '@playhouse/contract/identifier';
import { hostOf } from '../routes.ts';
import { changeRecord, recordOf, type ServicesContext, type ServicesSubject } from '../services-context.ts';
import { newHex, openSecrets, sealSecrets } from '../services-secrets.ts';
import { checkoutOf } from './clone-repositories.ts';

/**
 * All variables of a service, by name. What had to be generated is kept with the playground, so that it is the same next time and
 * for its other services. `tell` hears of lines of the repository's file that are left out.
 */
export async function variablesOf(
  context: ServicesContext,
  service: PlannedService,
  rendered: ComposeData,
  tell: (line: string) => void = () => {},
): Promise<Readonly<Record<string, string>>> {
  const { tools, id } = context;
  const services = rendered['services'] as Readonly<Record<string, ComposeData>> | undefined;
  const resolved = await resolveService(context, service, services?.[service.name] ?? {});
  const { variables, generated } = resolved;
  for (const { file, line, column, message } of resolved.problems)
    tell(`${service.name}: ${file}:${line}:${column} is left out: ${message}`);
  const secrets = openSecrets(tools, recordOf(context));
  if (Object.keys(generated).some((name) => !Object.hasOwn(secrets.variables, name))) {
    const kept = { ...secrets.variables, ...generated };
    await changeRecord(context, { secrets: sealSecrets(tools, id, { ...secrets, variables: kept }) });
  }
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/** The variables of a service with where each is from; `written` is what the file says of it. Nothing is kept. */
export async function resolveService(
  subject: ServicesSubject,
  service: PlannedService,
  written: ComposeData,
): Promise<ReturnType<typeof resolveVariables> & { readonly problems: readonly Problem[] }> {
  const record = recordOf(subject);
  const secrets = openSecrets(subject.tools, record);
  const text =
    service.source === null ? null : await checkoutOf(subject, service.name).read(service.source.envFile);
  const host = hostOf(record, service);
  const example = text === null ? null : parseEnvironmentFile(text, service.source?.envFile ?? '');
  const resolved = resolveVariables({
    ...(example === null ? {} : { example: example.variables }),
    compose: environmentOf(written),
    global: secrets.environment.global,
    service: secrets.environment.services[service.name] ?? {},
    system: {
      PLAYGROUND_ID: subject.id,
      PLAYGROUND_NAME: projectName(record.order),
      ...(host === null ? {} : { PLAYGROUND_URL: `https://${host}` }),
    },
    kept: secrets.variables,
    newHex,
  });
  return { ...resolved, problems: example?.problems ?? [] };
}
