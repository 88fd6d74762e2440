// Takes up new commits of running playgrounds: in development mode a clean checkout, which is mounted, has them at once. What is
// built is left as it is, and so is what somebody works on: that there are new commits is told then.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { changeRecord, compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import type { Followed } from './followed.ts';

/** Asks the branches of all dynamic services once; one that cannot be asked keeps no other from it. */
export async function followBranches(
  context: ServicesContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Followed>> {
  const record = recordOf(context);
  const found = new Map<string, Followed>();
  for (const service of compiledOf(context.tools, record).plan.services) {
    if (service.source === null || signal.aborted) continue;
    const production = record.order.services[service.name]?.production ?? service.production;
    found.set(
      service.name,
      await follow(context, service, service.source.repository.url, !production, signal),
    );
  }
  return found;
}

async function follow(
  context: ServicesContext,
  { name }: PlannedService,
  url: string,
  take: boolean,
  signal: AbortSignal,
): Promise<Followed> {
  const checkout = checkoutOf(context, name);
  try {
    const found = await checkout.sync(url, { take }, signal);
    const { standing, dirty, branch, commit, newest, inTheWay } = found;
    const { parts } = recordOf(context);
    if (take && parts[name]?.commit !== commit) {
      const part = { image: null, ...parts[name], branch, commit };
      await changeRecord(context, { parts: { ...parts, [name]: part } });
    }
    const detail =
      inTheWay.length === 0
        ? null
        : `what is new would overwrite files that Git ignores: ${inTheWay.slice(0, 3).join(', ')}`;
    return { dirty, standing, newest, detail };
  } catch (error) {
    signal.throwIfAborted();
    const detail = error instanceof PlayhouseError ? error.message : String(error);
    const dirty = await checkout.state().then(
      (state) => state.dirty,
      () => null,
    );
    return { dirty, standing: 'unknown', newest: null, detail };
  }
}
