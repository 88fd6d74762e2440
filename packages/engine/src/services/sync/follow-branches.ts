// Takes up new commits of running playgrounds: in development mode a clean checkout, which is mounted, has them at once. What is
// built is left as it is, and so is what somebody works on: that there are new commits is told then.
import { namedBeside } from '@playhouse/contract/compose/check-beside';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { changeRecord, compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import { wishedSources } from '../start/wished-sources.ts';
import type { Followed } from './followed.ts';

/** Asks the branches of all dynamic services once; one that cannot be asked keeps no other from it. */
export async function followBranches(
  context: ServicesContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Followed>> {
  const record = recordOf(context);
  const found = new Map<string, Followed>();
  for (const { name, service, repository } of wishedSources(context)) {
    if (signal.aborted) continue;
    // Files beside the Compose file come with a rollout.
    const production = record.order.services[name]?.production ?? service?.production ?? true;
    const followed = await follow(context, name, repository.url, !production, signal);
    found.set(name, followed);
    if (service === null)
      for (const each of namingFiles(context)) found.set(each, { ...followed, dirty: null, newest: null });
  }
  return found;
}

/** Services of an image alone that have files of the Compose file’s repository. */
function namingFiles(context: ServicesContext): readonly string[] {
  const { plan, compiled } = compiledOf(context.tools, recordOf(context));
  const naming = new Set(namedBeside(compiled).map(({ service }) => service));
  return plan.services.flatMap(({ name, source }) => (source === null && naming.has(name) ? [name] : []));
}

async function follow(
  context: ServicesContext,
  name: string,
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
