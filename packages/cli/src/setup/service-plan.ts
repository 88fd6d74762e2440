import { join } from 'node:path';
import type { sharedPaths } from '@playhouse/contract/state-directory';
import type { ServicePlan } from '../supervisor/plan.ts';
import type { ServiceCode } from './service-code.ts';
import type { SystemUser } from './system-user.ts';

export interface ServicePlanInput {
  readonly code: ServiceCode;
  readonly digest: string;
  readonly paths: Pick<ReturnType<typeof sharedPaths>, 'logs'>;
  readonly serverUser: SystemUser;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Secrets and settings of the command itself; the services must not see them. */
const commandOnly = /^PLAYHOUSE_(TOKEN|TOKEN_FILE|ENDPOINT|DEBUG|CODE_DIGEST)$/;
const passedOn = /^(PLAYHOUSE_\w+|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The two services of an installation. The server first: the engine dials it. */
export function planServices(input: ServicePlanInput): readonly [ServicePlan, ServicePlan] {
  const { code, paths, serverUser } = input;
  const environment = serviceEnvironment(input);
  const service = (name: string, owner: ServicePlan['owner']): ServicePlan => ({
    name,
    argv: [code.node, join(code.root, `packages/${name}/src/main.ts`)],
    environment,
    logFile: `${paths.logs}/${name}.log`,
    owner,
  });
  return [service('server', { uid: serverUser.uid, gid: serverUser.gid }), service('engine', null)];
}

function serviceEnvironment({ environment, digest }: ServicePlanInput): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && passedOn.test(entry[0]) && !commandOnly.test(entry[0]),
  );
  return { PATH: defaultPath, HOME: '/', LANG: 'C.UTF-8', ...Object.fromEntries(kept.sort()), PLAYHOUSE_CODE_DIGEST: digest };
}
