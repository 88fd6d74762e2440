import { join } from 'node:path';
import type { sharedPaths } from '@playhouse/contract/state-directory';
import type { ServicePlan } from '../supervisor/plan.ts';

export interface ServiceCode {
  readonly root: string;
  /** The Node.js executable. */
  readonly node: string;
}

export interface ServicePlanInput {
  readonly code: ServiceCode;
  /** What the server tells in its health, by which `up` sees whether it runs what it should. */
  readonly digest: string;
  readonly paths: Pick<ReturnType<typeof sharedPaths>, 'logs'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of Node.js' compile cache. */
  readonly compileCache: string;
}

/** Secrets and settings of the command itself; the services must not see them. */
const commandOnly = /^PLAYHOUSE_(TOKEN|TOKEN_FILE|ENDPOINT|DEBUG|CODE_DIGEST)$/;
const passedOn = /^(PLAYHOUSE_\w+|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
/** A small young generation: the services are idle most of the time, and 16 MB semi-spaces would stay resident. */
const nodeOptions = ['--max-semi-space-size=2'];
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The two services of an installation. Both are started as root: the server becomes its own user by itself, after it has
 * loaded its code, which may lie where only root can read.
 */
export function planServices(input: ServicePlanInput): readonly [ServicePlan, ServicePlan] {
  const { code, paths } = input;
  const environment = serviceEnvironment(input);
  const service = (name: string): ServicePlan => ({
    name,
    argv: [code.node, ...nodeOptions, join(code.root, `packages/${name}/src/main.ts`)],
    environment,
    logFile: `${paths.logs}/${name}.log`,
  });
  return [service('server'), service('engine')];
}

function serviceEnvironment({
  environment,
  digest,
  compileCache,
}: ServicePlanInput): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && passedOn.test(entry[0]) && !commandOnly.test(entry[0]),
  );
  return {
    PATH: defaultPath,
    HOME: '/',
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: compileCache,
    ...Object.fromEntries(kept),
    PLAYHOUSE_CODE_DIGEST: digest,
  };
}
