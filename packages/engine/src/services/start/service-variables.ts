import { parseEnvironmentFile } from '@playhouse/contract/compose/environment/parse-env-file';
import { resolveVariables } from '@playhouse/contract/compose/environment/resolve-variables';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { environmentOf } from '@playhouse/contract/compose/render/render-service';
import { projectName } from '@playhouse/contract/identifier';
import { hostOf } from '../routes.ts';
import { changeRecord, recordOf, type ServicesContext, type ServicesSubject } from '../services-context.ts';
import { newHex, openSecrets, sealSecrets } from '../services-secrets.ts';
import { checkoutOf } from './clone-repositories.ts';

/**
 * All variables of a service, by name. What had to be generated is kept with the playground, so that it is the same next time and
 * for its other services.
 */
export async function variablesOf(
  context: ServicesContext,
  service: PlannedService,
  rendered: ComposeData,
): Promise<Readonly<Record<string, string>>> {
  const { tools, id } = context;
  const services = rendered['services'] as Readonly<Record<string, ComposeData>> | undefined;
  const { variables, generated } = await resolveService(context, service, services?.[service.name] ?? {});
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
): Promise<ReturnType<typeof resolveVariables>> {
  const record = recordOf(subject);
  const secrets = openSecrets(subject.tools, record);
  const text =
    service.source === null ? null : await checkoutOf(subject, service.name).read(service.source.envFile);
  const host = hostOf(record, service);
  return resolveVariables({
    ...(text === null
      ? {}
      : { example: parseEnvironmentFile(text, service.source?.envFile ?? '').variables }),
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
}
