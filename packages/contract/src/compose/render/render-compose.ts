// The last step before `docker compose up`: what the playground's own Compose file says, made to fit this platform.
import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from './read-rendered.ts';
import { renderNetworks } from './render-networks.ts';
import type { RenderOptions } from './render-options.ts';
import { renderService } from './render-service.ts';
import { type PersistentVolume, renderVolumes } from './render-volumes.ts';

export interface RenderedCompose {
  /** Plain values; writeCompose makes it text. */
  readonly file: ComposeData;
  /** Volumes that must be there before `up`: Compose neither makes nor removes them. */
  readonly persistentVolumes: readonly PersistentVolume[];
}

/** Renders the final file. Pure: the same input gives the same file, so that an unchanged service keeps its container. */
export function renderCompose(options: RenderOptions): RenderedCompose {
  const { rendered, plan, project } = options;
  const services = plan.services.flatMap((planned) => {
    const written = part(rendered['services'])[planned.name];
    return isRecord(written) ? [[planned.name, renderService(written, planned, options)] as const] : [];
  });
  const { volumes, persistentVolumes } = renderVolumes(part(rendered['volumes']), options);
  const file = {
    name: project,
    services: Object.fromEntries(services),
    ...filled('networks', renderNetworks(part(rendered['networks']), options)),
    ...filled('volumes', volumes),
    ...filled('configs', withoutNames(part(rendered['configs']))),
    ...filled('secrets', withoutNames(part(rendered['secrets']))),
  };
  return { file, persistentVolumes };
}

function part(value: unknown): ComposeData {
  return isRecord(value) ? value : {};
}

function filled(key: string, entries: ComposeData): ComposeData {
  return Object.keys(entries).length === 0 ? {} : { [key]: entries };
}

function withoutNames(entries: ComposeData): ComposeData {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => {
      const { name: _name, ...rest } = part(entry);
      return [key, rest];
    }),
  );
}
