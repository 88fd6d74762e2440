import type { Context } from '../program/context.ts';
import { chooseManager, runsSystemd, supervisorScript } from './choose-manager.ts';
import type { Installation } from './installation.ts';
import type { ServiceManager } from './service-manager.ts';
import { planServices } from './service-plan.ts';
import { startDigest } from './start-digest.ts';
import type { ServicePlan } from '../supervisor/plan.ts';
import { compileCache, warmCompileCache } from './warm-compile-cache.ts';

export interface PlannedServices {
  readonly manager: ServiceManager;
  readonly engine: ServicePlan;
  /** What a server that was started from this plan says of itself (start-digest.ts). */
  readonly digest: string;
  /** To be done before services of new code start. */
  readonly warm: () => Promise<void>;
}

/** The services of an installation as they ought to run from this checkout; `codeDigest` is that of its code. */
export async function planInstallation(
  context: Pick<Context, 'codeRoot' | 'environment'>,
  { configuration, paths }: Installation,
  codeDigest: string,
): Promise<PlannedServices> {
  const { environment } = context;
  const code = { root: context.codeRoot, node: process.execPath };
  const cache = compileCache(code, environment);
  const plan = (digest: string) => planServices({ code, digest, paths, environment, compileCache: cache });
  const digest = startDigest(codeDigest, configuration, plan(codeDigest));
  const services = plan(digest);
  const manager = await chooseManager({ services, code, paths, compileCache: cache });
  const own = (await runsSystemd()) ? [] : [[code.node, supervisorScript(code)]];
  return {
    manager,
    engine: services[1],
    digest,
    warm: () => warmCompileCache([...services.map(({ argv }) => argv), ...own], cache),
  };
}
