import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { copyFolder } from '../../layers/folder-archive.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { layersOf, type SnapshotServices } from '../../snapshots/snapshot-record.ts';
import { untilMade } from '../../snapshots/until-made.ts';
import { makePrivateDirectory } from '../../system/durable-file.ts';
import { withTemplates } from '../register-services.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { openSecrets, type Secrets, sealSecrets } from '../services-secrets.ts';
import { volumesOf } from './volumes-of.ts';

/** Names of what is in the layer of a checkout. */
export const checkoutParts = { folder: 'checkout', history: 'history' } as const;

/**
 * A playground that begins with a snapshot of another one takes over what its data depends on: values that were given or generated.
 * A fork has working copies and images of its origin, too. Its password, its addresses and its name are its own.
 */
export const takeUpServices: Step<ServicesContext> = {
  label: 'Taking up the snapshot',
  run: async (context, voice) => {
    const { tools, id } = context;
    const { order, snapshotId } = recordOf(context);
    if (order.from === null || snapshotId !== null) return voice.detail('it goes on with its own');
    const snapshot = await untilMade(tools, order.from.snapshotId, voice);
    const { services } = snapshot;
    if (services === null)
      throw new PlayhouseError('snapshot-incomplete', {
        snapshot: snapshot.id,
        detail: 'it is of machines.',
      });
    await tools.layers.hold(layersOf(snapshot), async () => {
      for (const checkout of services.checkouts ?? []) await restoreCheckout(context, checkout, voice);
      const record = recordOf(context);
      const secrets = mergeSecrets(openSecrets(tools, services), openSecrets(tools, record));
      const begun = { ...record, secrets: sealSecrets(tools, id, secrets), snapshotId: snapshot.id };
      // Volumes that an earlier playground of the playspec left are newer.
      const there = await lastingVolumes(context, voice);
      const filling = services.volumes.map(({ name }) => name).filter((name) => !there.has(name));
      const isFork = services.checkouts !== null;
      const parts = isFork ? services.parts : {};
      await tools.records.save({
        ...begun,
        secrets: withTemplates(tools, begun),
        ...{ filling, parts, established: isFork },
      });
    });
    context.changed();
  },
};

/** Names of the volumes that are there before the playground is. */
async function lastingVolumes(context: ServicesContext, voice: StepVoice): Promise<ReadonlySet<string>> {
  if (recordOf(context).order.persistentId === null) return new Set();
  const docker = await context.tools.docker(voice);
  return new Set((await volumesOf(context, docker.api)).map(({ key }) => key));
}

/** The history last: with it the checkout counts as cloned. */
async function restoreCheckout(
  { tools, id }: ServicesContext,
  { service, layer }: NonNullable<SnapshotServices['checkouts']>[number],
  { signal, detail }: Pick<StepVoice, 'signal' | 'detail'>,
): Promise<void> {
  detail(service);
  const files = tools.records.files(id);
  const [folder, history] = [files.checkout(service), files.history(service)];
  for (const path of [folder, history]) await makePrivateDirectory(dirname(path), 0o711);
  const from = tools.layers.path(layer, 'folder');
  await copyFolder(`${from}/${checkoutParts.folder}`, folder, { signal, reflink: 'auto' });
  await copyFolder(`${from}/${checkoutParts.history}`, `${history}.new`, { signal, reflink: 'auto' });
  await rename(`${history}.new`, history);
}

/** What is asked for at this start wins. */
function mergeSecrets(kept: Secrets, own: Secrets): Secrets {
  const services = { ...kept.environment.services };
  for (const [name, values] of Object.entries(own.environment.services))
    services[name] = { ...services[name], ...values };
  return {
    password: own.password,
    given: { ...kept.given, ...own.given },
    templates: { ...kept.templates, ...own.templates },
    variables: { ...kept.variables, ...own.variables },
    environment: { global: { ...kept.environment.global, ...own.environment.global }, services },
    // Of a build there is only what this order says.
    ...(own.builds === undefined ? {} : { builds: own.builds }),
  };
}
