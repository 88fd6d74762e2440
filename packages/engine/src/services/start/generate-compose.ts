import { existsSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { type ContentFile, withContentFiles } from '@playhouse/contract/compose/render/content-files';
import { persistentVolumePrefix } from '@playhouse/contract/compose/names/volume-prefix';
import { renderCompose } from '@playhouse/contract/compose/render/render-compose';
import type { ServiceChoice } from '@playhouse/contract/compose/render/render-options';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { writeDurably } from '../../system/durable-file.ts';
import {
  compiledOf,
  composeFileOf,
  ownerLabels,
  recordOf,
  type ServicesContext,
} from '../services-context.ts';
import { makePersistentVolumes } from '../volumes/persistent-volumes.ts';
import { renderedOf } from './rendered.ts';
import { variablesOf } from './service-variables.ts';

/** Writes the final Compose file. */
export const generateCompose: Step<ServicesContext> = {
  label: 'Generating Compose',
  run: async (context, voice) => {
    const { tools, id } = context;
    const { rendered, plan } = await renderedOf(context, voice);
    const { order } = recordOf(context);
    const services: Record<string, ServiceChoice> = {};
    for (const service of plan.services) {
      const variables = await variablesOf(context, service, rendered);
      const image = recordOf(context).parts[service.name]?.image ?? null;
      const production = order.services[service.name]?.production ?? service.production;
      const mounted = service.source !== null && !production;
      const checkout = mounted ? tools.records.files(id).checkout(service.name) : null;
      const { startCommand = null } = order.services[service.name] ?? {};
      services[service.name] = { image, built: image !== null, checkout, variables, startCommand };
    }
    const { persistentId } = order;
    const { environment: values } = compiledOf(tools, recordOf(context));
    const { contents: folder } = tools.records.files(id);
    const withFiles = withContentFiles(rendered, { values, folder });
    await writeContentFiles(folder, withFiles.files);
    const { file, persistentVolumes } = renderCompose({
      ...{ rendered: withFiles.rendered, plan, services, policy: order.policy },
      project: projectName(order),
      owner: ownerLabels(tools, id),
      // The proxy runs on the host and reaches every network.
      ingressNetwork: null,
      volumePrefix: persistentId === null ? null : persistentVolumePrefix(persistentId, tools.installation),
    });
    await makePersistentVolumes(context, await tools.docker(voice), persistentVolumes);
    await writeDurably(composeFileOf(context), writeCompose(file));
  },
};

/** What is there is not written again: containers have it mounted. */
async function writeContentFiles(folder: string, files: readonly ContentFile[]): Promise<void> {
  if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o711 });
  for (const { path, content, mode, uid, gid } of files) {
    if (!existsSync(path)) await writeDurably(path, content);
    await chown(path, uid, gid);
    await chmod(path, mode);
  }
}
