// What would go with a playground that nobody has a second time. Asked of the folders, not of what is known of them: an engine that
// has just begun, a job and a playground in error have never been followed.
import type { KeptReason } from '@playhouse/contract/service';
import { namesIn } from '../../system/durable-file.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import { isOfComposeFile } from '../start/wished-sources.ts';
import type { ServicesContext } from '../services-context.ts';

/** The services whose checkouts have work that only they have, or that exist and cannot be read. */
export async function findWork(
  context: Pick<ServicesContext, 'tools' | 'id'>,
): Promise<ReadonlyMap<string, KeptReason>> {
  const found = new Map<string, KeptReason>();
  // A file that this version refuses has no services, and all the same its checkouts.
  for (const service of await namesIn(context.tools.records.files(context.id).checkout('.'))) {
    if (isOfComposeFile(service)) continue;
    const reason = await workOf(context, service);
    if (reason !== null) found.set(service, reason);
  }
  return found;
}

async function workOf(
  context: Pick<ServicesContext, 'tools' | 'id'>,
  service: string,
): Promise<KeptReason | null> {
  const { records } = context.tools;
  const checkout = checkoutOf(context, service);
  try {
    if (checkout.isComplete) {
      if ((await checkout.state()).dirty) return 'changes';
      return (await checkout.hasOwnCommits()) ? 'commits' : null;
    }
    // What a clone left that was cut short is nobody’s, as long as the playground never came up.
    if (records.find(context.id)?.established === false) return null;
    return (await namesIn(records.files(context.id).checkout(service))).length === 0 ? null : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
