import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { sharedPaths } from '@playhouse/contract/state-directory';
import type { ServicePlan } from '../supervisor/plan.ts';
import type { ServiceCode } from './service-plan.ts';
import type { ServiceManager } from './service-manager.ts';
import { createSupervisorManager } from './supervisor-manager.ts';
import { createSystemdManager } from './systemd-manager.ts';

export interface ManagerInput {
  readonly services: readonly ServicePlan[];
  readonly code: ServiceCode;
  readonly compileCache: string;
  readonly paths: ReturnType<typeof sharedPaths>;
}

/** systemd where it is pid 1, else our own supervisor. */
export async function chooseManager(input: ManagerInput): Promise<ServiceManager> {
  const { services, code, paths, compileCache } = input;
  if (await runsSystemd()) return createSystemdManager(services);
  return createSupervisorManager(
    { runDirectory: paths.run, services },
    {
      node: code.node,
      script: supervisorScript(code),
      compileCache,
      logFile: `${paths.logs}/supervisor.log`,
    },
  );
}

export function supervisorScript(code: ServiceCode): string {
  return join(code.root, 'packages/cli/src/supervisor/main.ts');
}

/** As sd_booted(3) tells it. */
export async function runsSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}
