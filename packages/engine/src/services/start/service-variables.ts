import { parseEnvironmentFile } from '@playhouse/contract/compose/environment/parse-env-file';
import { resolveVariables } from '@playhouse/contract/compose/environment/resolve-variables';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { environmentOf } from '@playhouse/contract/compose/render/render-service';
import { projectName } from '@playhouse/contract/identifier';
import { hostOf } from '../routes.ts';
import { changeRecord, recordOf, type ServicesContext } from '../services-context.ts';
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
  const record = recordOf(context);
  const secrets = openSecrets(tools, record);
  const text =
    service.source === null ? null : await checkoutOf(context, service.name).read(service.source.envFile);
  const host = hostOf(record, service);
  const written =
    (rendered['services'] as Readonly<Record<string, ComposeData>> | undefined)?.[service.name] ?? {};
  const { variables, generated } = resolveVariables({
    ...(text === null
      ? {}
      : { example: parseEnvironmentFile(text, service.source?.envFile ?? '').variables }),
    compose: environmentOf(written),
    global: secrets.environment.global,
    service: secrets.environment.services[service.name] ?? {},
    system: {
      PLAYGROUND_ID: id,
      PLAYGROUND_NAME: projectName(record.order),
      ...(host === null ? {} : { PLAYGROUND_URL: `https://${host}` }),
    },
    kept: secrets.variables,
    newHex,
  });
  if (Object.keys(generated).some((name) => !Object.hasOwn(secrets.variables, name))) {
    const kept = { ...secrets.variables, ...generated };
    await changeRecord(context, { secrets: sealSecrets(tools, id, { ...secrets, variables: kept }) });
  }
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}
