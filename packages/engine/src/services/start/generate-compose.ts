import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { persistentVolumePrefix } from '@playhouse/contract/compose/names/volume-prefix';
import { renderCompose } from '@playhouse/contract/compose/render/render-compose';
import type { RenderOptions, ServiceChoice } from '@playhouse/contract/compose/render/render-options';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { projectName } from '@playhouse/contract/identifier';
import type { Step, StepVoice } from '../../operations/step.ts';
import { writeDurably } from '../../system/durable-file.ts';
import { composeFileOf, ownerLabels, recordOf, type ServicesContext } from '../services-context.ts';
import { reserveSubnets } from '../subnets/reserve-subnets.ts';
import { makePersistentVolumes } from '../volumes/persistent-volumes.ts';
import { withMountedFiles } from './mounted-files.ts';
import { pinnedImage } from './pinned-image.ts';
import { renderedOf, renderedService } from './rendered.ts';
import { variablesOf } from './service-variables.ts';

/** Writes the final Compose file. Images that are pulled stay those that they are, unless a registry is asked for newer ones. */
export const generateCompose: Step<ServicesContext> = generateStep({ anew: false });

/** The same where all images were pulled again. */
export const generateAnew: Step<ServicesContext> = generateStep({ anew: true });

function generateStep({ anew }: { readonly anew: boolean }): Step<ServicesContext> {
  return {
    label: 'Generating Compose',
    run: async (context, voice) => {
      const { tools, id } = context;
      const { compose } = tools.records.files(id);
      const { order } = recordOf(context);
      if (isKept(context)) {
        if (order.persistentId !== null) await makeVolumes(context, voice);
        return await writeDurably(composeFileOf(context), await readFile(compose));
      }
      const { rendered, plan } = await renderedOf(context, voice);
      const docker = await tools.docker(voice);
      const services: Record<string, ServiceChoice> = {};
      for (const service of plan.services) {
        const variables = await variablesOf(context, service, rendered, (line) => voice.log(line));
        const built = recordOf(context).parts[service.name]?.image ?? null;
        const written = renderedService(rendered, service.name);
        const image =
          built ??
          (service.image === null
            ? null
            : await pinnedImage(
                context,
                { service: service.name, image: service.image, written },
                docker,
                anew,
              ));
        const production = order.services[service.name]?.production ?? service.production;
        const mounted = service.source !== null && !production;
        const checkout = mounted ? tools.records.files(id).checkout(service.name) : null;
        const { startCommand = null } = order.services[service.name] ?? {};
        services[service.name] = { image, built: built !== null, checkout, variables, startCommand };
      }
      await makeVolumes(context, voice);
      const networks = isRecord(rendered['networks']) ? rendered['networks'] : {};
      const subnets = await reserveSubnets(context, networks, docker);
      const { file } = renderCompose({
        ...(await basisOf(context, voice)),
        ...{ rendered: await withMountedFiles(context, voice), services, subnets },
      });
      await writeDurably(composeFileOf(context), writeCompose(file));
    },
  };
}

/** What it is rendered with, but for what was decided for its services. */
async function basisOf(context: ServicesContext, voice: StepVoice): Promise<RenderOptions> {
  const { rendered, plan } = await renderedOf(context, voice);
  const { tools, id } = context;
  const { order } = recordOf(context);
  const { persistentId, policy } = order;
  return {
    ...{ rendered, plan, services: {}, policy, project: projectName(order), owner: ownerLabels(tools, id) },
    // The proxy runs on the host and reaches every network.
    ingressNetwork: null,
    volumePrefix: persistentId === null ? null : persistentVolumePrefix(persistentId, tools.installation),
  };
}

/** Makes the volumes that Compose would not make. */
async function makeVolumes(context: ServicesContext, voice: StepVoice): Promise<void> {
  const basis = await basisOf(context, voice);
  const { persistentVolumes } = renderCompose({ ...basis, plan: { ...basis.plan, services: [] } });
  await makePersistentVolumes(context, await context.tools.docker(voice), persistentVolumes, voice);
}

/**
 * True for a heal: it brings about what is to be there already, whatever a checkout has by now. Only an image that was gone and had to
 * be built again may have another name.
 */
function isKept(context: ServicesContext): boolean {
  const { tools, id, healing = false } = context;
  const built = recordOf(context).parts;
  return (
    healing &&
    existsSync(tools.records.files(id).compose) &&
    isDeepStrictEqual(built, tools.records.find(id)?.parts)
  );
}
